import type { AppSnapshot, Core, Worker } from '../stats/snapshot.ts';

/** Seconds after the start of a process for which the document can have the requests of the process before it. */
const REPLACED_SECONDS = 10;

/**
 * Removes the requests of processes that have ended. When uWSGI has replaced a killed process, its first document can
 * have the new pid and still the requests of the old process, which began before the new one was started.
 *
 * Later, only a clock that was set back explains such a begin, and the request is a real one.
 *
 * @param now Unix seconds at which the document was written
 */
export function withoutEndedRequests(snapshot: AppSnapshot, now: number): AppSnapshot {
  const hasEnded = ({ lastSpawn }: Worker, { requestStart }: Core) =>
    lastSpawn !== null && requestStart !== null && requestStart < lastSpawn && isRecent(lastSpawn);
  const isRecent = (start: number) => start <= now && now - start < REPLACED_SECONDS;
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
