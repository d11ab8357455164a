import type { Observed } from '../../monitor/observation.ts';
import { requestOf } from '../../rates/in-flight.ts';
import { coreSamples } from '../../rates/rates.ts';
import type { AppSample, CoreSample, WorkerSample } from '../../rates/sample.ts';
import { processOf } from '../../rates/with-host.ts';
import type { WritingTime } from '../../rates/written.ts';
import { boundedMask, CELL_CHARACTERS } from '../../text/bounds.ts';
import * as format from '../../text/format.ts';
import type { Mask } from '../../text/secrets.ts';
import type { CoreMode } from '../core-modes.ts';
import { requestLine } from '../request-line.ts';
import { sorted, type Table } from '../table.ts';
import { type Choice, columnsOf, defineView, sortOf } from '../view.ts';
import { status, WORKER_COLUMNS, type WorkerRow } from './worker-columns.ts';
import { workerSections } from './worker-detail.ts';

/** The view of the workers, and of their cores in the chosen mode. */
export const WORKERS = defineView<AppSample, WorkerRow>({
  name: 'workers',
  title: 'Workers',
  kind: 'app',
  columns: WORKER_COLUMNS,
  sort: { column: 'share', descending: true },
  id: idOf,
  table: workerTable,
  has: (sample) => sample.workers.length > 0,
  more: workerSections,
  runs: ({ of, core }) => ({ worker: of.worker.id, core: core?.core.id ?? null }),
  process: ({ of }) => of.worker.id,
  idle: idleWord,
  below: 'requests',
  empty:
    'no workers: an emperor has none of its own, nor has an instance of routers or spoolers only. emperor-stats = ADDRESS in the configuration of an emperor shows its vassals',
});

function idOf({ of: { worker }, core }: WorkerRow): string {
  return core ? `${worker.id}:${core.core.id}` : `${worker.id}`;
}

export function workerTable(
  { sample, growth }: Pick<Observed<AppSample>, 'sample' | 'growth'>,
  choice: Choice,
): Table<WorkerRow> {
  const { cores: mode } = choice;
  const mask = boundedMask(choice.mask, CELL_CHARACTERS);
  const sort = sortOf(WORKERS, choice);
  const order = (rows: readonly WorkerRow[]) => sorted(rows, WORKER_COLUMNS, sort, isCheap);
  return {
    columns: columnsOf(choice.columns ? WORKER_COLUMNS : usualColumns(sample), choice.columns).map((each) =>
      each.name === 'id' ? { ...each, width: labelWidth(sample, mode) } : each,
    ),
    rows: rowsOf(sample, growth, mode, order),
    id: idOf,
    parent: ({ of: { worker }, core, mode }) => (core && mode === 'tree' ? `${worker.id}` : null),
    role: (row) => (isCheap(row) ? 'cheap' : 'plain'),
    note: {
      after: 'status',
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
 * Omits columns that are empty in every row: CPU without values of the kernel, STAY without requests long on purpose.
 */
function usualColumns({ host, totals }: AppSample): typeof WORKER_COLUMNS {
  const empty = new Set([...(host ? [] : ['cpu']), ...(totals.coresLong ? [] : ['long'])]);
  return WORKER_COLUMNS.filter(({ name }) => !empty.has(name));
}

function rowsOf(
  sample: AppSample,
  growth: Observed['growth'],
  mode: CoreMode,
  order: (rows: readonly WorkerRow[]) => WorkerRow[],
): WorkerRow[] {
  const { workers } = sample;
  const process = ({ worker }: WorkerSample) => processOf(worker, sample.host);
  const row = (of: WorkerSample, core: CoreSample | null): WorkerRow => ({
    of,
    core,
    mode,
    long: longOf(sample, of, core),
    process: process(of),
    growth: growth[of.worker.id - 1] ?? null,
  });
  const alone = (of: WorkerSample) => row(of, null);
  const cores = (of: WorkerSample) =>
    coreSamples(sample, of)
      .filter(isUsed)
      .map((core) => row(of, core));
  switch (mode) {
    case 'off':
      return order(workers.map(alone));
    case 'merged':
      return order(
        workers.flatMap((of) => {
          const used = cores(of);
          return used.length > 0 ? used : [alone(of)];
        }),
      );
    case 'tree':
      return order(workers.map(alone)).flatMap((row) => [row, ...order(cores(row.of))]);
  }
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
function requestNote({ of: { worker }, core }: WorkerRow, at: WritingTime, mask: Mask): string | null {
  if (!core?.core.inRequest) return null;
  const request = requestOf(worker.id, core.core, at);
  return `${format.age(request.age).padStart(4)}  ${requestLine(request, mask)}`;
}
