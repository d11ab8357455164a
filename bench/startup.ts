import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documents } from './documents.ts';
import { median, medianRatio, milliseconds, ratio } from './figures.ts';
import { runProgram, STATSTOP, startDemo, startUwsgi } from './processes.ts';
import { hasPty, startInPty } from './pty.ts';
import { GAP, type Row, type Section } from './table.ts';

const ROUNDS = 21;

/** Text in the header of every frame that has data. */
const FIRST_DATA = 'WORKERS';

/** What `npm run package -- executable` makes. It contains this major version of Node.js. */
const EXECUTABLE = fileURLToPath(new URL('../release/statstop', import.meta.url));
const ITS_NODE = 24;

/** Something that is started, and its goal: how many times as long as a Node.js that does nothing. */
interface Start {
  label: string;
  goal: number;
  command: readonly string[];
}

/** A server whose first frame is measured. */
interface Shown {
  label: string;
  address: string;
  /** Milliseconds until the first frame with data, in each round. */
  times: number[];
}

/** Measures the start of the whole process as the user sees it, compared with a Node.js that does nothing. */
export async function measureStartup(): Promise<Section> {
  const demo = await startDemo();
  const folder = mkdtempSync(join(tmpdir(), 'statstop-bench-'));
  const uwsgi = await startUwsgi(folder);
  const file = join(folder, 'document.json');
  for (const document of documents({ workers: 8, cores: 2 }, 1, 1)) writeFileSync(file, document);
  const starts = startsOf(file);
  const shown: Shown[] = [];
  const show = (label: string, address: string) => shown.push({ label, address, times: [] });
  if (hasPty()) show('demo', demo.address);
  if (hasPty() && uwsgi) show('real uWSGI', uwsgi.address);
  const nothing: number[] = [];
  const times: number[][] = starts.map(() => []);
  // Discard the first round: the disk cache is cold, and Node.js has not yet kept compiled code.
  for (let round = -1; round < ROUNDS; round++) {
    const bare = await runProgram([process.execPath, '-e', '0']);
    const each = [];
    for (const { command } of starts) each.push(await runProgram(command));
    const frames = [];
    for (const { address } of shown) frames.push(await firstFrame(address));
    if (round < 0) continue;
    nothing.push(bare);
    for (const [i, time] of each.entries()) times[i]?.push(time);
    for (const [i, time] of frames.entries()) shown[i]?.times.push(time);
  }
  demo.stop();
  await uwsgi?.stop();
  rmSync(folder, { recursive: true });
  return {
    title: `Start, ${ROUNDS} rounds`,
    columns: ['8x2'],
    rows: [
      ...starts.map(
        ({ label, goal }, i): Row => [
          `${label} / node -e 0 [goal ${goal}]`,
          ratio(medianRatio(times[i] ?? [], nothing)),
        ],
      ),
      ...shown.map(({ label, times }): Row => {
        const later = times.map((time, i) => time - (nothing[i] ?? Number.NaN));
        return [`first frame with data, ${label}, - node -e 0, ms [goal 60]`, median(later).toFixed(0)];
      }),
      GAP,
      ['node -e 0, ms', milliseconds(nothing)],
      ...starts.map(({ label }, i): Row => [`${label}, ms`, milliseconds(times[i] ?? [])]),
      ...shown.map(({ label, times }): Row => [`first frame with data, ${label}, ms`, milliseconds(times)]),
    ],
    notes: [
      ...(hasPty() ? [] : ['Live view not measured: `script` of util-linux is not installed.']),
      ...(uwsgi ? [] : ['First frame of a real uWSGI not measured: uWSGI is not installed.']),
      ...(hasExecutable()
        ? []
        : [
            `Executable not measured: it needs Node.js ${ITS_NODE} here and \`npm run package -- executable\` before.`,
          ]),
    ],
  };
}

function startsOf(file: string): readonly Start[] {
  const version = ['--version'];
  const json = ['--json', '--interval', '0', file];
  const node = [process.execPath, STATSTOP];
  return [
    { label: '--version', goal: 1.15, command: [...node, ...version] },
    { label: '--json --interval 0 FILE', goal: 1.5, command: [...node, ...json] },
    ...(hasExecutable()
      ? [
          { label: 'executable --version', goal: 1.15, command: [EXECUTABLE, ...version] },
          { label: 'executable --json --interval 0 FILE', goal: 1.4, command: [EXECUTABLE, ...json] },
        ]
      : []),
  ];
}

/** The executable can be compared only with its own version of Node.js. */
function hasExecutable(): boolean {
  return Number.parseInt(process.versions.node, 10) === ITS_NODE && existsSync(EXECUTABLE);
}

async function firstFrame(address: string): Promise<number> {
  const view = await startInPty([process.execPath, STATSTOP, address]);
  const shown = await view.shows(FIRST_DATA);
  await view.quit('q');
  return shown - view.started;
}
