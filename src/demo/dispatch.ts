import type { Random } from './random.ts';
import type { CoreState, WorkerState } from './state.ts';

/** Whether a worker accepts new requests while one of its cores is free. */
export function canTake(worker: WorkerState): boolean {
  return worker.accepting && !worker.cheap && !worker.retiring;
}

/**
 * Chooses a core for a new connection. The kernel wakes one of the waiting workers, more often one of the first.
 *
 * @returns `null` when no core is free
 */
export function freeCore(
  workers: readonly WorkerState[],
  random: Random,
): { worker: WorkerState; core: CoreState } | null {
  const at = random.next();
  const start = Math.floor(at * Math.sqrt(at) * workers.length);
  for (let i = 0; i < workers.length; i++) {
    const worker = workers[(start + i) % workers.length];
    if (!worker || !canTake(worker) || worker.busy === worker.cores.length) continue;
    const core = worker.cores.find(({ request }) => request === null);
    if (core) return { worker, core };
  }
  return null;
}
