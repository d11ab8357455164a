import { median, medianRatio, milliseconds, ratio } from './figures.ts';
import { runNode, STATSTOP, startDemo } from './processes.ts';
import { hasPty, startInPty } from './pty.ts';
import { GAP, type Row, type Section } from './table.ts';

const ROUNDS = 15;

/** Text in the header of every frame that has data. */
const FIRST_DATA = 'WORKERS';

/** Measures the start of the whole process as the user sees it, compared with a Node.js that does nothing. */
export async function measureStartup(): Promise<Section> {
  const demo = await startDemo();
  const pty = hasPty();
  const nothing: number[] = [];
  const json: number[] = [];
  const frame: number[] = [];
  // Discard the first round: the disk cache is cold.
  for (let round = -1; round < ROUNDS; round++) {
    const times = [
      await runNode(['-e', '0']),
      await runNode([STATSTOP, demo.address, '--json', '--interval', '0']),
      pty ? await firstFrame(demo.address) : Number.NaN,
    ] as const;
    if (round < 0) continue;
    for (const [i, values] of [nothing, json, frame].entries()) values.push(times[i] ?? Number.NaN);
  }
  demo.stop();
  const later = frame.map((time, i) => time - (nothing[i] ?? Number.NaN));
  const frameRows: Row[] = [
    ['first frame with data - node -e 0, ms [goal 120]', median(later).toFixed(0)],
    ['first frame with data / node -e 0', ratio(medianRatio(frame, nothing))],
  ];
  return {
    title: `Start, ${ROUNDS} rounds`,
    columns: ['8x2'],
    rows: [
      ['--json --interval 0 / node -e 0 [goal 1.3]', ratio(medianRatio(json, nothing))],
      ...(pty ? frameRows : []),
      GAP,
      ['node -e 0, ms', milliseconds(nothing)],
      ['--json --interval 0, ms', milliseconds(json)],
      ...(pty ? [['first frame with data, ms', milliseconds(frame)] as const] : []),
    ],
    notes: pty ? [] : ['Live view not measured: `script` of util-linux is not installed.'],
  };
}

async function firstFrame(address: string): Promise<number> {
  const view = await startInPty([process.execPath, STATSTOP, address]);
  const shown = await view.shows(FIRST_DATA);
  await view.quit('q');
  return shown - view.started;
}
