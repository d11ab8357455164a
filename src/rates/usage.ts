import { ratio } from './delta.ts';
import type { History } from './history.ts';
import { memoize } from './memoize.ts';
import type { Point } from './point.ts';
import { workedShares } from './worked.ts';

/** The load of a server over a period. `null` is unknown. */
export interface Usage {
  stretch: Stretch;
  /** Seconds of the period that the history covers. */
  seconds: number;
  requests: number;
  /** Requests per second. */
  rps: number | null;
  /** Mean duration in seconds of the timed requests that ended. */
  responseTime: number | null;
  /**
   * Mean share of busy cores, 0 to 1, among the cores that can take a request, over the documents of the period. A
   * request that hangs counts; a request that begins and ends between two documents does not. The share is limited to
   * the time that the requests can have taken, if that is known (`workedShares`).
   */
  busy: number | null;
}

/** The periods, shortest first. */
const STRETCHES = ['interval', 'minute', 'tenMinutes', 'hour'] as const;
export type Stretch = (typeof STRETCHES)[number];

const SECONDS = { minute: 60, tenMinutes: 600, hour: 3600 } as const;

/** A period is listed if the history covers at least this many times the seconds of the previous period. */
const LONGER = 1.5;

/**
 * The load of the last interval and of the longer periods, shortest first, as far as the history covers them. Empty for a
 * server that is not an app server. It is computed on demand, because that takes as long as the rest of an observation.
 */
export const usageOf = memoize(({ near, hour, last }: History): readonly Usage[] => {
  const found: Usage[] = [];
  for (const stretch of STRETCHES) {
    const usage = of(stretch, pointsOf(stretch, { near, hour, last }));
    const before = found.at(-1);
    if (usage.seconds > (before?.seconds ?? 0) * LONGER) found.push(usage);
  }
  return found;
});

function pointsOf(
  stretch: Stretch,
  { near, hour, last }: Pick<History, 'near' | 'hour' | 'last'>,
): readonly Point[] {
  if (stretch === 'interval') return last ? [last] : [];
  return ending(stretch === 'hour' ? hour : near, SECONDS[stretch]);
}

/**
 * The last points that cover a number of seconds, with a tolerance of half a point. Uses the lengths of the points
 * instead of their times, because the clock can be set.
 */
function ending(points: readonly Point[], seconds: number): readonly Point[] {
  let covered = 0;
  const begin = points.findLastIndex((point) => {
    if (covered + point.seconds / 2 > seconds) return true;
    covered += point.seconds;
    return false;
  });
  return points.slice(begin + 1);
}

function of(stretch: Stretch, points: readonly Point[]): Usage {
  const counted = points.filter(({ requests, seconds }) => requests !== null && seconds > 0);
  const timed = counted.filter(
    ({ runningTime, timedRequests }) => runningTime !== null && timedRequests !== null,
  );
  const requests = sumOfKnown(counted, (point) => point.requests);
  const seconds = sumOfKnown(counted, (point) => point.seconds);
  return {
    stretch,
    seconds,
    requests,
    rps: ratio(requests, seconds),
    responseTime: ratio(
      sumOfKnown(timed, (point) => point.runningTime),
      sumOfKnown(timed, (point) => point.timedRequests),
    ),
    busy: bornOut(busyOf(points), points),
  };
}

/**
 * Mean share of busy cores, weighted by time. The first document after a lost connection gives no information about the
 * outage, so it counts for one second at most.
 */
function busyOf(points: readonly Point[]): number | null {
  let busy = 0;
  let all = 0;
  for (const [at, point] of points.entries()) {
    if (point.busy === null) continue;
    const weight = points[at - 1]?.marks.includes('lost') ? Math.min(1, point.seconds) : point.seconds;
    busy += point.busy * weight;
    all += weight;
  }
  return ratio(busy, all);
}

/**
 * Limits the share to the time that the requests can have taken. Documents can coincide with busy moments by chance.
 */
function bornOut(busy: number | null, points: readonly Point[]): number | null {
  return busy === null ? null : Math.min(busy, workedShares(points)[0] ?? busy);
}

function sumOfKnown<Each>(all: Iterable<Each>, value: (each: Each) => number | null): number {
  let total = 0;
  for (const each of all) total += value(each) ?? 0;
  return total;
}
