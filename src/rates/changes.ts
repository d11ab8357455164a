import type { Snapshot, Worker } from '../stats/snapshot.ts';
import { delta, sum } from './delta.ts';
import { isWorkerReset } from './reset.ts';
import type { Sample } from './sample.ts';

/** The counters of a worker that a later run is compared with. */
export const WORKER_FIELDS = [
  'pid',
  'spawns',
  'requests',
  'runningTime',
  'tx',
  'exceptions',
  'harakiris',
  'signals',
] as const satisfies readonly (keyof Worker)[];

export type WorkerCounters = Pick<Worker, (typeof WORKER_FIELDS)[number]>;

/** The counters of a server at one time, small enough to be kept in a file. */
export interface Counters {
  /** Unix seconds. */
  time: number;
  kind: Snapshot['kind'];
  /** Process id of the master, the emperor or the router. */
  pid: number | null;
  /** See `AppSnapshot.listenQueueErrors`. */
  queueErrors: number | null;
  workers: readonly WorkerCounters[];
}

/** What happened to a server since an earlier document. `null` is unknown. */
export interface Changes {
  /** Unix seconds of the earlier document. */
  since: number;
  /**
   * A restart has a new master. A full reload keeps the master and has new counters. Two documents show only the last one.
   * The other numbers do not include what happened before it, so they are minimum values.
   */
  restarted: 'restart' | 'reload' | null;
  harakiris: number | null;
  exceptions: number | null;
  /** Starts of workers after their first one. */
  respawns: number | null;
  queueErrors: number | null;
}

export function countersOf({ snapshot, time }: Sample): Counters {
  const isApp = snapshot.kind === 'app';
  return {
    time,
    kind: snapshot.kind,
    pid: snapshot.server.pid,
    queueErrors: isApp ? snapshot.listenQueueErrors : null,
    workers: isApp
      ? snapshot.workers.map(
          (worker) => Object.fromEntries(WORKER_FIELDS.map((name) => [name, worker[name]])) as WorkerCounters,
        )
      : [],
  };
}

/** What happened between two documents of a server. Numbers are never negative. */
export function changesBetween(before: Counters, after: Counters): Changes {
  const restarted = restartBetween(before, after);
  /** The increase of a counter. It counts from its first value on for a new worker, and after a restart. */
  const gained = (name: keyof typeof FIRST) => {
    const each = after.workers.map((worker, place) => {
      const old = restarted === null ? before.workers[place] : undefined;
      return delta(old === undefined ? FIRST[name] : old[name], worker[name]);
    });
    return each.length === 0 ? null : sum(each, (number) => number);
  };
  return {
    since: before.time,
    restarted,
    harakiris: gained('harakiris'),
    exceptions: gained('exceptions'),
    respawns: gained('spawns'),
    queueErrors: delta(restarted === null ? before.queueErrors : 0, after.queueErrors),
  };
}

/** The values of counters at the start of their server. The first start of a worker is no respawn. */
const FIRST = { harakiris: 0, exceptions: 0, spawns: 1 } as const;

function restartBetween(before: Counters, after: Counters): Changes['restarted'] {
  const isOther = before.pid !== null && after.pid !== null && before.pid !== after.pid;
  if (isOther || before.kind !== after.kind) return 'restart';
  const isReset = after.workers.some((worker, place) => {
    const old = before.workers[place];
    return old !== undefined && isWorkerReset(old, worker);
  });
  return isReset ? 'reload' : null;
}
