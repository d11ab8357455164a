import type { ProcessReading } from '../../host/reading.ts';
import type { CoreSample, RequestRates, WorkerSample } from '../../rates/sample.ts';
import { isLoading, isServing } from '../../rates/state.ts';
import type { Core, Worker } from '../../stats/snapshot.ts';
import type { CoreMode } from '../core-modes.ts';
import type { Role } from '../frame.ts';

/**
 * A worker, or one of its cores. In the tree mode a core is below the row of its worker. In the merged mode it replaces
 * that row and has the values of its worker, too.
 */
export interface WorkerRow {
  of: WorkerSample;
  core: CoreSample | null;
  mode: CoreMode;
  /**
   * Number of cores of the row (all of the worker, or the one core) with a request that is long on purpose. `null` if
   * the cores are unknown or the worker does not run.
   */
  long: number | null;
  /** The core of the row with the oldest request (see `oldestCore`). `null` if no request runs. */
  running: Core | null;
  /** Age of that request in whole seconds. `null` if the request is long on purpose, or if its start is unknown. */
  oldest: number | null;
  /** Load of the worker over the last ten seconds. */
  recent: RecentLoad;
  /** The values of the process that the kernel of this machine reports. */
  process: ProcessReading | null;
  /** Growth of the memory of the worker in bytes per minute. */
  growth: number | null;
}

/** Load of a worker over the last full step of the history. Without such a step, the load in the last interval. */
export interface RecentLoad {
  /** Mean number of busy cores, rounded. */
  busy: number | null;
  /** Requests per second. */
  rps: number | null;
}

/** Returns a rate that both workers and cores have. */
export function either(row: WorkerRow, value: (rates: RequestRates) => number | null): number | null {
  return value(row.core ?? row.of);
}

/** Returns a value that only a worker has. A merged row has it, too; for a core in a tree it is `null`. */
export function own<Value>(
  row: WorkerRow,
  value: (worker: Worker, sample: WorkerSample) => Value,
): Value | null {
  return row.core && row.mode === 'tree' ? null : value(row.of.worker, row.of);
}

/**
 * Returns the state of a worker or core as one word. uWSGI keeps the last status of a worker whose process has ended,
 * so `busy` and `idle` become `down`.
 */
export function status({ of: { worker }, core }: WorkerRow): string {
  if (!worker.alive && (worker.status === 'busy' || worker.status === 'idle')) return 'down';
  if (isLoading(worker)) return 'loading';
  if (!core) return worker.status;
  if (worker.status !== 'busy' && worker.status !== 'idle') return worker.status;
  return core.core.inRequest ? 'busy' : 'idle';
}

const STATUS_ROLES: ReadonlyMap<string, Role> = new Map([
  ['busy', 'busy'],
  ['idle', 'plain'],
  ['cheap', 'cheap'],
  ['pause', 'pause'],
  ['loading', 'warning'],
  ['down', 'critical'],
]);

/** Returns the role of a status. */
export function statusRole(word: string): Role {
  return STATUS_ROLES.get(word) ?? (word.startsWith('sig') ? 'signal' : 'plain');
}

/** Returns the number of cores of a worker in a request. `null` if the worker serves no requests. */
export function busyCores({ worker }: WorkerSample): number | null {
  if (!isServing(worker) || worker.cores.length === 0) return null;
  return worker.cores.reduce((busy, { inRequest }) => busy + (inRequest ? 1 : 0), 0);
}

/**
 * Returns the core with the oldest request in flight. A request that is long on purpose counts only if no other runs,
 * and a request with an unknown start only if no start is known.
 *
 * @param alive whether the process of the worker runs
 * @param long the cores whose requests are long on purpose
 */
export function oldestCore(
  alive: boolean,
  cores: readonly Core[],
  long: ReadonlyMap<Core, unknown>,
): Core | null {
  // The document can still list requests of a process that has ended.
  if (!alive) return null;
  let oldest: Core | null = null;
  for (const core of cores) {
    if (core.inRequest && (oldest === null || isOlder(core, oldest, long))) oldest = core;
  }
  return oldest;
}

function isOlder(core: Core, other: Core, long: ReadonlyMap<Core, unknown>): boolean {
  if (long.has(core) !== long.has(other)) return long.has(other);
  return (core.requestStart ?? Number.POSITIVE_INFINITY) < (other.requestStart ?? Number.POSITIVE_INFINITY);
}
