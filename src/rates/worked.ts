import type { Worker } from '../stats/snapshot.ts';
import type { Point, Work } from './point.ts';
import type { AppSample } from './sample.ts';
import { ageOf, type WritingTime } from './written.ts';

/** Possible error in seconds: uWSGI reports the start of a request in whole seconds. */
const START_ERROR = 1;

/** The core time of requests in a sample that their running time does not show correctly. */
export function workOf(sample: AppSample): Work {
  const { interval, time, timeIsExact, before, snapshot, workers, totals } = sample;
  const open = ages(snapshot.workers, sample, (age, worker, place) =>
    // A request that has started since the previous reading is not older than the interval.
    Math.min(age, isNew(worker, workers[worker.id - 1]?.before ?? null, place) ? (interval ?? age) : age),
  );
  if (interval === null || before === null) return { begun: null, open, cut: null, cores: null };
  const then = { time: time - interval, timeIsExact };
  const begun = ages(before.workers, then, (age) => Math.max(0, age - START_ERROR));
  const ended = workers.flatMap(({ worker, before }) =>
    before?.alive && before.pid !== worker.pid ? before : [],
  );
  const longest = ages(ended, then, (age) => age);
  const lost = ended.reduce((count, { cores }) => count + cores.length, 0);
  return {
    begun,
    open,
    cut: longest === null ? null : longest + lost * interval,
    cores: totals.cores === null ? null : totals.cores * interval,
  };
}

/** Merges the work of two successive points. A first reading covers no time. */
export function workTogether(a: Pick<Point, 'seconds' | 'work'>, b: Pick<Point, 'work'>): Work {
  if (a.seconds === 0) return b.work;
  const plus = (name: 'cut' | 'cores') => {
    const [left, right] = [a.work[name], b.work[name]];
    return left === null || right === null ? null : left + right;
  };
  return { begun: a.work.begun, open: b.work.open, cut: plus('cut'), cores: plus('cores') };
}

/**
 * The sum over the requests in flight. `null` if the start of any request is unknown, or if cores are not listed
 * (`stats-no-cores`).
 */
function ages(
  workers: readonly Worker[],
  at: WritingTime,
  part: (age: number, worker: Worker, place: number) => number,
): number | null {
  let sum = 0;
  for (const worker of workers) {
    if (!worker.alive) continue;
    if (worker.cores.length === 0) return null;
    for (const [place, { inRequest, requestStart }] of worker.cores.entries()) {
      if (!inRequest) continue;
      const age = ageOf(at, requestStart);
      if (age === null) return null;
      sum += part(age, worker, place);
    }
  }
  return sum;
}

function isNew({ cores }: Worker, before: Worker | null, place: number): boolean {
  const [now, then] = [cores[place], before?.cores[place]];
  return (
    now !== undefined &&
    then !== undefined &&
    (!then.inRequest || then.requestStart !== now.requestStart || then.requests !== now.requests)
  );
}

/**
 * For each point, an upper bound for the share of core time spent in requests, from that point to the end of the last
 * one. `null` if a value is unknown or the connection was lost in between. Also `null` if static files were served,
 * because uWSGI does not count their time.
 */
export function workedShares(points: readonly Point[]): (number | null)[] {
  const shares: (number | null)[] = points.map(() => null);
  let worked = points.at(-1)?.work.open ?? null;
  let cores = 0;
  for (let at = points.length - 1; at >= 0 && worked !== null; at -= 1) {
    const point = points[at] as Point;
    const { requests, timedRequests, runningTime, work } = point;
    if (requests !== timedRequests || runningTime === null || work.cores === null || work.cut === null) break;
    if (points[at - 1]?.marks.includes('lost')) break;
    worked += runningTime + work.cut;
    cores += work.cores;
    if (work.begun !== null && cores > 0) shares[at] = Math.max(0, (worked - work.begun) / cores);
  }
  return shares;
}
