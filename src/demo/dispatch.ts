import type { Random } from './random.ts';
import type { CoreState, WorkerState } from './state.ts';

/** Whether a worker takes new requests, if one of its cores is free. */
export function canTake(worker: WorkerState): boolean {
  return worker.accepting && !worker.cheap && !worker.retiring;
}

/** Where a connection goes. The kernel wakes one of the workers that wait, and rather one of the first. */
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
