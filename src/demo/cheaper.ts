import { statusOf, type WorkerState } from './state.ts';

/** Number of checks (one per second) with all workers busy before the master starts more: uWSGI's default. */
const OVERLOAD = 3;

/** The lowest number of workers that a server of `workers` keeps running under little load. */
export function fewestWorkers(workers: number): number {
  return Math.ceil(workers * 0.75);
}

/**
 * Decides how many workers should run: uWSGI's `spare` algorithm (core/master_utils.c). It starts workers when all are
 * busy for several checks. Later, while two or more are spare, it stops one at a time.
 */
export class Cheaper {
  private overloads = 0;
  private idles = 0;
  private readonly fewest: number;
  private readonly step: number;

  constructor(workers: number) {
    this.fewest = fewestWorkers(workers);
    this.step = Math.max(1, Math.round(workers / 8));
  }

  /**
   * Performs one check of the workers.
   *
   * @returns the number of workers to start; negative: the number of workers to stop
   */
  look(workers: readonly WorkerState[]): number {
    const running = workers.filter((worker) => !worker.cheap && worker.pid > 0);
    const spare = running.filter((worker) => statusOf(worker) === 'idle').length;
    if (spare === 0) {
      this.overloads += 1;
      this.idles = 0;
    } else if (this.overloads > 0) {
      this.overloads -= 1;
    }
    if (this.overloads >= OVERLOAD) {
      this.overloads = 0;
      return this.step;
    }
    if (this.overloads > 0 || spare === 1) return 0;
    this.idles += 1;
    return running.length > this.fewest && this.idles % OVERLOAD === 0 ? -1 : 0;
  }
}
