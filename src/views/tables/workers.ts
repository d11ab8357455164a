import type { Observed } from '../../monitor/observation.ts';
import { lastStep } from '../../rates/history.ts';
import { requestAge, requestOf } from '../../rates/in-flight.ts';
import { memoizeLast } from '../../rates/memoize.ts';
import { growthOf } from '../../rates/memory.ts';
import type { CoarsePoint } from '../../rates/point.ts';
import { coreSamples } from '../../rates/rates.ts';
import type { AppSample, CoreSample, WorkerSample } from '../../rates/sample.ts';
import { processOf } from '../../rates/with-host.ts';
import type { WritingTime } from '../../rates/written.ts';
import { boundedMask, CELL_CHARACTERS } from '../../text/bounds.ts';
import type { Mask } from '../../text/secrets.ts';
import type { Column } from '../column.ts';
import type { CoreMode } from '../core-modes.ts';
import { sorted } from '../order.ts';
import { requestLine } from '../request-line.ts';
import type { Table } from '../table.ts';
import { type Choice, columnsOf, defineView, sortOf } from '../view.ts';
import { WORKER_COLUMNS } from './worker-columns.ts';
import { workerSections, workerSummary } from './worker-detail.ts';
import { busyCores, oldestCore, type RecentLoad, status, type WorkerRow } from './worker-row.ts';

/** The view of the workers, and of their cores in the chosen mode. */
export const WORKERS = defineView<AppSample, WorkerRow>({
  name: 'workers',
  title: 'Workers',
  kind: 'app',
  columns: WORKER_COLUMNS,
  sort: {
    column: 'oldest',
    descending: true,
    steady: true,
    ties: [
      { column: 'busy', descending: true },
      { column: 'rps', descending: true },
    ],
  },
  order:
    'what needs attention: the oldest request of two seconds or more, then busy cores and RPS of the last ten seconds; cheap workers last',
  id: idOf,
  table: workerTable,
  has: (sample) => sample.workers.length > 0,
  summary: workerSummary,
  more: workerSections,
  runs: ({ of, core }) => ({ worker: of.worker.id, core: core?.core.id ?? null }),
  process: ({ of }) => of.worker.id,
  idle: idleWord,
  below: 'requests',
  empty:
    'no workers: an emperor and an instance with only routers or spoolers have none. emperor-stats = ADDRESS in the configuration of an emperor shows its vassals',
});

function idOf({ of: { worker }, core }: WorkerRow): string {
  return core ? `${worker.id}:${core.core.id}` : `${worker.id}`;
}

export function workerTable(
  { sample, history }: Pick<Observed<AppSample>, 'sample' | 'history'>,
  choice: Choice,
): Table<WorkerRow> {
  const { cores: mode } = choice;
  const mask = boundedMask(choice.mask, CELL_CHARACTERS);
  const sort = sortOf(WORKERS, choice);
  const order = (rows: readonly WorkerRow[]) => sorted(rows, WORKER_COLUMNS, sort, isCheap);
  return {
    columns: shownColumns(
      choice.columns,
      mode,
      sample.host !== null,
      Boolean(sample.totals.coresLong),
      labelWidth(sample, mode),
    ),
    rows: rowsOf({ sample, history }, mode, order),
    id: idOf,
    parent: ({ of: { worker }, core, mode }) => (core && mode === 'tree' ? `${worker.id}` : null),
    role: (row) => (isCheap(row) ? 'cheap' : 'plain'),
    note: {
      after: 'oldest',
      text: (row) => (row.mode === 'tree' ? requestNote(row, sample, mask) : null),
    },
  };
}

/** `idle` or `cheap` for a row that does no work; `null` otherwise. */
function idleWord(row: WorkerRow): string | null {
  const word = status(row);
  return word === 'idle' || word === 'cheap' ? word : null;
}

/**
 * Whether a row comes last in every order. Otherwise an ascending order would begin with the zeros of cheap workers.
 */
function isCheap(row: WorkerRow): boolean {
  return status(row) === 'cheap';
}

/**
 * Omits columns that are empty in every row, unless the user has chosen the columns: CPU without values of the kernel,
 * STAY without requests long on purpose, BUSY if each row is a core. Memoized, because it seldom changes.
 */
const shownColumns = memoizeLast(
  (
    chosen: Choice['columns'],
    mode: CoreMode,
    hasHost: boolean,
    hasLong: boolean,
    idWidth: number,
  ): readonly Column<WorkerRow>[] => {
    const isEmpty: Readonly<Record<string, boolean>> = {
      cpu: !hasHost,
      long: !hasLong,
      busy: mode === 'merged',
    };
    const usual = chosen ? WORKER_COLUMNS : WORKER_COLUMNS.filter(({ name }) => !isEmpty[name]);
    return columnsOf(usual, chosen).map((each) => (each.name === 'id' ? { ...each, width: idWidth } : each));
  },
);

function rowsOf(
  { sample, history }: Pick<Observed<AppSample>, 'sample' | 'history'>,
  mode: CoreMode,
  order: (rows: readonly WorkerRow[]) => WorkerRow[],
): WorkerRow[] {
  const { workers } = sample;
  const step = lastStep(history, sample);
  const growth = growthOf(history);
  const rowsWith = (of: WorkerSample, cores: readonly (CoreSample | null)[]): WorkerRow[] => {
    const recent = recentLoad(of, step);
    const process = processOf(of.worker, sample.host);
    return cores.map((core): WorkerRow => {
      const running = oldestCore(of.worker.alive, core ? [core.core] : of.worker.cores, sample.long);
      // The fields are written out, because V8 is a hundred times slower if an object is spread and then extended.
      return {
        of,
        core,
        mode,
        long: longOf(sample, of, core),
        running,
        oldest: running === null || sample.long.has(running) ? null : requestAge(running, sample),
        recent,
        process,
        growth: growth[of.worker.id - 1] ?? null,
      };
    });
  };
  const alone = (of: WorkerSample) => rowsWith(of, [null]);
  const cores = (of: WorkerSample) => rowsWith(of, coreSamples(sample, of).filter(isUsed));
  switch (mode) {
    case 'off':
      return order(workers.flatMap(alone));
    case 'merged':
      return order(
        workers.flatMap((of) => {
          const used = cores(of);
          return used.length > 0 ? used : alone(of);
        }),
      );
    case 'tree':
      return order(workers.flatMap(alone)).flatMap((row) => [row, ...order(cores(row.of))]);
  }
}

/**
 * Returns the load of a worker in a step of the history, or at this moment if there is no step yet.
 *
 * @param step the last complete step
 */
function recentLoad(of: WorkerSample, step: CoarsePoint | null): RecentLoad {
  const place = of.worker.id - 1;
  const perSecond = (sums: Float32Array | undefined) => {
    const rate = (sums?.[place] ?? Number.NaN) / (step?.seconds ?? 0);
    return Number.isFinite(rate) ? rate : null;
  };
  // A request that ends adds its whole running time, also that before the step.
  const busy = perSecond(step?.workers.runningTime);
  return {
    busy: busy === null ? busyCores(of) : Math.min(of.worker.cores.length, Math.round(busy)),
    rps: perSecond(step?.workers.requests) ?? of.rps,
  };
}

function longOf({ long }: AppSample, { worker }: WorkerSample, core: CoreSample | null): number | null {
  const cores = core ? [core.core] : worker.cores;
  if (!worker.alive || cores.length === 0) return null;
  return long.size === 0 ? 0 : cores.reduce((count, each) => count + (long.has(each) ? 1 : 0), 0);
}

/**
 * Whether to list a core. A server can have thousands of cores that never ran a request; they would hide the others.
 */
function isUsed({ core }: CoreSample): boolean {
  return core.inRequest || core.requests !== 0;
}

/** Returns the width, in cells, of the labels of the first column: `12`, `:7`, `12:7`. */
function labelWidth({ snapshot: { workers } }: AppSample, mode: CoreMode): number {
  const digits = (largest: number) => String(largest).length;
  const ofWorker = digits(workers.length);
  // No spread into `Math.max`: a server can have more workers than a call can have arguments.
  const ofCore = 1 + digits(workers.reduce((most, { cores }) => Math.max(most, cores.at(-1)?.id ?? 0), 0));
  const needed = { off: ofWorker, tree: Math.max(ofWorker, ofCore), merged: ofWorker + ofCore }[mode];
  return Math.max(mode === 'merged' ? 7 : 4, needed);
}

/** Returns the request in flight of a core, for its line in the tree. */
function requestNote(
  { of: { worker }, core, running }: WorkerRow,
  at: WritingTime,
  mask: Mask,
): string | null {
  return core && running && requestLine(requestOf(worker.id, running, at), mask);
}
