import type { App, Worker } from '../stats/snapshot.ts';
import { delta, rate, sum } from './delta.ts';
import { firstBy } from './first-by.ts';
import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';

/** An application, in one worker or in all of them together. */
export interface AppRates {
  /** `null`: in all workers. */
  worker: number | null;
  mountpoint: string | null;
  chdir: string | null;
  /** Workers that have loaded it. */
  workers: number;
  requests: number | null;
  /** Requests per second. */
  rps: number | null;
  exceptions: number | null;
  exceptionsDelta: number | null;
  /** Seconds that it took to load; of all workers, the longest. */
  startupTime: number | null;
}

/** The applications of a sample, each in all workers and then in every one. */
export const appRates = memoize((sample: AppSample): readonly { all: AppRates; each: AppRates[] }[] => {
  const found = new Map<string, AppRates[]>();
  for (const [place, worker] of sample.snapshot.workers.entries()) {
    // A worker can have thousands of them.
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

/** Workers number their applications alike, and can have several at one mount point, one after the other. */
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
    // Not Math.max(...): there can be more workers than a call takes arguments.
    startupTime: each.reduce<number | null>(
      (most, { startupTime }) => (startupTime === null ? most : Math.max(most ?? 0, startupTime)),
      null,
    ),
  };
}
