import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { documents, SIZES, type Size, sizeName } from './documents.ts';
import { bytes, median, milliseconds, ratio } from './figures.ts';
import { STATSTOP } from './processes.ts';
import { hasPty } from './pty.ts';
import { GAP, type Row, type Section } from './table.ts';
import { type Cost, startWatched, type Watched } from './watched.ts';

/** Enough for both programs until the end of a measurement: a repeated document would look like a restarted server. */
const DOCUMENTS = 420;
/** Both programs read ten times per second in their fast mode. */
const FAST_INTERVAL = 0.1;
/** V8 optimizes code for about 30 s at this rate. */
const WARM_UP_READS = 300;
const ROUNDS = 4;
const READS = 15;

/** Text in every frame of each program that has data. */
const STATSTOP_DATA = 'WORKERS';
const UWSGITOP_DATA = 'RPS';

interface Costs {
  statstop: Cost[];
  uwsgitop: Cost[];
}

/** Measures the CPU time of a refresh by the whole process, compared with uwsgitop if it is installed. */
export async function measureLive(): Promise<Section> {
  const title = 'Live view in fast mode: cost of the whole process per refresh';
  const other = findUwsgitop();
  if (!hasPty()) {
    return {
      title,
      columns: [],
      rows: [],
      notes: ['Not measured: `script` of util-linux is not installed.'],
    };
  }
  const sizes: Costs[] = [];
  for (const size of SIZES) sizes.push(await measure(size, other));
  const row = (label: string, cell: (costs: Costs) => string): Row => [label, ...sizes.map(cell)];
  const ratioRow = (label: string, what: (cost: Cost) => number) =>
    row(label, ({ statstop, uwsgitop }) => ratio(median(statstop.map(what)) / median(uwsgitop.map(what))));
  const cpu = ({ cpuMs }: Cost) => cpuMs;
  const written = (cost: Cost) => cost.bytes;
  const compared = other !== null;
  return {
    title,
    columns: SIZES.map(sizeName),
    rows: [
      ...(compared
        ? [
            ratioRow('CPU time, statstop / uwsgitop [goals 1, 0.5, 0.5]', cpu),
            ratioRow('bytes to the terminal, statstop / uwsgitop', written),
            GAP,
          ]
        : []),
      row('CPU time of statstop, ms', ({ statstop }) => milliseconds(statstop.map(cpu))),
      ...(compared
        ? [row('CPU time of uwsgitop, ms', ({ uwsgitop }) => milliseconds(uwsgitop.map(cpu)))]
        : []),
      row('bytes of statstop', ({ statstop }) => bytes(median(statstop.map(written)))),
      ...(compared ? [row('bytes of uwsgitop', ({ uwsgitop }) => bytes(median(uwsgitop.map(written))))] : []),
    ],
    notes: compared ? [] : ['Not compared with uwsgitop: put it on PATH or set UWSGITOP to its script.'],
  };
}

/** The command of uwsgitop: the script that UWSGITOP names, or the program on PATH. `null` if there is neither. */
function findUwsgitop(): readonly string[] | null {
  const { UWSGITOP, PATH = '' } = process.env;
  if (UWSGITOP) return ['python3', UWSGITOP];
  const found = PATH.split(delimiter)
    .map((folder) => join(folder, 'uwsgitop'))
    .find((file) => existsSync(file));
  return found === undefined ? null : [found];
}

/** Both programs run side by side and use the fast mode in turn, while the other one reads once per second. */
async function measure(size: Size, other: readonly string[] | null): Promise<Costs> {
  const all = documents(size, DOCUMENTS, FAST_INTERVAL);
  const costs: Costs = { statstop: [], uwsgitop: [] };
  const turns: { watched: Watched; costs: Cost[] }[] = [
    { watched: await startWatched([process.execPath, STATSTOP], all, STATSTOP_DATA), costs: costs.statstop },
  ];
  if (other) turns.push({ watched: await startWatched(other, all, UWSGITOP_DATA), costs: costs.uwsgitop });
  await Promise.all(turns.map(({ watched }) => watched.fast(WARM_UP_READS)));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { watched, costs } of turns) costs.push(await watched.fast(READS));
  }
  for (const { watched } of turns) await watched.quit();
  return costs;
}
