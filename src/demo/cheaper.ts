import { statusOf, type WorkerState } from './state.ts';

/** Looks of the master (one a second) with all workers busy after which it starts more, and as uWSGI's default. */
const OVERLOAD = 3;

/** How many workers a server of `workers` keeps when there is little to do. */
export function fewestWorkers(workers: number): number {
  return Math.ceil(workers * 0.75);
}

/**
 * How many workers should run: uWSGI's `spare` algorithm (core/master_utils.c). All of them busy for some looks in a
 * row starts more; later, with two or more spare ones, they are stopped one at a time.
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
   * One look at the workers.
   *
   * @returns workers to start, as a negative number workers to stop
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
