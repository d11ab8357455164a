import type { AppSnapshot, RouterSnapshot, Snapshot, Worker } from '../stats/snapshot.ts';

/**
 * Whether the counters of `after` do not continue those of `before`.
 *
 * A full reload keeps the master's pid and sets every counter to 0 (seen: SIGHUP on 2.0.21). A counter that then
 * exceeds its old value before the next reading would look like progress. Therefore pids are compared as well: a
 * worker's pid never changes without its spawn count (core/master_utils.c increments the count before it forks).
 */
export function isReset(before: Snapshot, after: Snapshot): boolean {
  if (before.kind !== after.kind || before.server.pid !== after.server.pid) return true;
  if (before.kind === 'app' && after.kind === 'app') return isAppReset(before, after);
  if (before.kind === 'router' && after.kind === 'router') return isRouterReset(before, after);
  return false;
}

function isAppReset(before: AppSnapshot, after: AppSnapshot): boolean {
  return after.workers.some((worker, place) => {
    const old = before.workers[place];
    return old !== undefined && (isWorkerReset(old, worker) || isCoreReset(old, worker));
  });
}

/** Whether the counters of a worker do not continue those of `before`. */
export function isWorkerReset(before: Counted, after: Counted): boolean {
  if (wentBack(before, after, WORKER_COUNTERS)) return true;
  const replaced = before.pid !== null && after.pid !== null && before.pid !== after.pid;
  return replaced && before.spawns !== null && before.spawns === after.spawns;
}

type Counted = Pick<Worker, (typeof WORKER_COUNTERS)[number] | 'pid'>;

function isCoreReset(before: Worker, after: Worker): boolean {
  // An index instead of an iterator of entries, because a worker can have thousands of cores.
  let place = 0;
  for (const { requests } of after.cores) {
    const old = before.cores[place++];
    if (old !== undefined && isLess(requests, old.requests)) return true;
  }
  return false;
}

function isRouterReset(before: RouterSnapshot, after: RouterSnapshot): boolean {
  // Compare subscriptions, not nodes: nodes appear and disappear with their subscriptions, but the hits of a key only
  // grow.
  const olds = new Map(before.subscriptions.map((each) => [each.key, each]));
  return after.subscriptions.some((subscription) => {
    const old = olds.get(subscription.key);
    return old !== undefined && wentBack(old, subscription, ['hits']);
  });
}

const WORKER_COUNTERS = [
  'requests',
  'runningTime',
  'tx',
  'spawns',
  'exceptions',
  'harakiris',
  'signals',
] as const;

function wentBack<Name extends string>(
  before: Readonly<Record<Name, number | null>>,
  after: Readonly<Record<Name, number | null>>,
  counters: readonly Name[],
): boolean {
  for (const name of counters) if (isLess(after[name], before[name])) return true;
  return false;
}

function isLess(is: number | null, was: number | null): boolean {
  return is !== null && was !== null && is < was;
}
