import type { AppSnapshot, Core, Worker } from '../stats/snapshot.ts';

/**
 * Removes the requests of processes that have ended. When uWSGI has replaced a killed process, its first document can
 * have the new pid and still the requests of the old process, which began before the new one was started.
 *
 * @param now Unix seconds at which the document was written. A start after it shows that the clock was set back: then
 *   the begin of a request says nothing
 */
export function withoutEndedRequests(snapshot: AppSnapshot, now: number): AppSnapshot {
  const hasEnded = ({ lastSpawn }: Worker, { requestStart }: Core) =>
    lastSpawn !== null && requestStart !== null && requestStart < lastSpawn && lastSpawn <= now;
  const isAffected = (worker: Worker) => worker.cores.some((core) => hasEnded(worker, core));
  if (!snapshot.workers.some(isAffected)) return snapshot;
  return {
    ...snapshot,
    workers: snapshot.workers.map((worker) =>
      isAffected(worker)
        ? {
            ...worker,
            cores: worker.cores.map((core) =>
              hasEnded(worker, core) ? { ...core, inRequest: false, vars: [], requestStart: null } : core,
            ),
          }
        : worker,
    ),
  };
}
