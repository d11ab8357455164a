import type { App, Worker } from '../stats/snapshot.ts';
import { delta, rate, sum } from './delta.ts';
import { firstBy } from './first-by.ts';
import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';

/** Rates of an application, in one worker or summed over all workers. */
export interface AppRates {
  /** The id of the worker; `null` for the sum over all workers. */
  worker: number | null;
  mountpoint: string | null;
  chdir: string | null;
  /** Number of workers that have loaded the application. */
  workers: number;
  requests: number | null;
  /** Requests per second. */
  rps: number | null;
  exceptions: number | null;
  exceptionsDelta: number | null;
  /** Seconds that the application took to load; for all workers, the longest time. */
  startupTime: number | null;
}

/** The applications of a sample: the sum over all workers, and the rates in each worker. */
export const appRates = memoize((sample: AppSample): readonly { all: AppRates; each: AppRates[] }[] => {
  const found = new Map<string, AppRates[]>();
  for (const [place, worker] of sample.snapshot.workers.entries()) {
    // A map, because a worker can have thousands of applications.
    const before = firstBy(sample.before?.workers[place]?.apps ?? [], keyOf);
    for (const app of worker.apps) {
      const key = keyOf(app);
      const rates = ratesOf(app, worker, before.get(key), sample.interval);
      const known = found.get(key);
      if (known) known.push(rates);
      else found.set(key, [rates]);
    }
  }
  return [...found.values()].map((each) => ({ all: together(each), each }));
});

/**
 * The identity of an application in a worker. Workers number their applications in the same way, and one mount point
 * can have several applications in succession.
 */
function keyOf({ id, modifier1, mountpoint }: App): string {
  return JSON.stringify([id, modifier1, mountpoint]);
}

function ratesOf(app: App, worker: Worker, old: App | undefined, seconds: number | null): AppRates {
  const { mountpoint, chdir, requests, exceptions, startupTime } = app;
  return {
    worker: worker.id,
    mountpoint,
    chdir,
    workers: 1,
    requests,
    rps: rate(delta(old?.requests, requests), seconds),
    exceptions,
    exceptionsDelta: delta(old?.exceptions, exceptions),
    startupTime,
  };
}

function together(each: readonly AppRates[]): AppRates {
  const [{ mountpoint, chdir } = { mountpoint: null, chdir: null }] = each;
  return {
    worker: null,
    mountpoint,
    chdir,
    workers: each.length,
    requests: sum(each, ({ requests }) => requests),
    rps: sum(each, ({ rps }) => rps),
    exceptions: sum(each, ({ exceptions }) => exceptions),
    exceptionsDelta: sum(each, ({ exceptionsDelta }) => exceptionsDelta),
    // `Math.max(...)` fails if there are more workers than a call can have arguments.
    startupTime: each.reduce<number | null>(
      (most, { startupTime }) => (startupTime === null ? most : Math.max(most ?? 0, startupTime)),
      null,
    ),
  };
}
