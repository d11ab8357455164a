import { ratio } from './delta.ts';
import type { History } from './history.ts';
import type { Point } from './point.ts';
import { workedShares } from './worked.ts';

/** How busy a server was over a stretch of time. `null` is unknown. */
export interface Usage {
  stretch: Stretch;
  /** Seconds that are known of it. */
  seconds: number;
  requests: number;
  /** Requests per second. */
  rps: number | null;
  /** Seconds a request took: of those that ended. */
  responseTime: number | null;
  /**
   * Cores in a request when a document was written, as a share of the cores that can take one, 0 to 1: the mean over the
   * documents of the stretch. A request that hangs counts; one that begins and ends between two documents does not. No
   * more than the requests can have taken, where that is known (`workedShares`).
   */
  busy: number | null;
}

export const STRETCHES = ['interval', 'minute', 'tenMinutes', 'hour'] as const;
export type Stretch = (typeof STRETCHES)[number];

const SECONDS = { minute: 60, tenMinutes: 600, hour: 3600 } as const;

/** A stretch is listed if at least this many times as many seconds are known of it as of the one before. */
const LONGER = 1.5;

/** By stretch, the shortest first: the last interval, and as much of the longer ones as the history has. */
export function usageOf({ near, hour, last }: History): readonly Usage[] {
  const found: Usage[] = [];
  for (const stretch of STRETCHES) {
    const usage = of(stretch, pointsOf(stretch, { near, hour, last }));
    const before = found.at(-1);
    if (usage.seconds > (before?.seconds ?? 0) * LONGER) found.push(usage);
  }
  return found;
}

function pointsOf(
  stretch: Stretch,
  { near, hour, last }: Pick<History, 'near' | 'hour' | 'last'>,
): readonly Point[] {
  if (stretch === 'interval') return last ? [last] : [];
  return ending(stretch === 'hour' ? hour : near, SECONDS[stretch]);
}

/** The last points that cover so many seconds, give or take half a point. By what they cover: a clock can be set. */
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

/** The first document after a lost connection says nothing about the time of the outage: it counts for a second at most. */
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

/** Documents can meet the busy moments of a server by chance: its requests cannot have taken more than their time. */
function bornOut(busy: number | null, points: readonly Point[]): number | null {
  return busy === null ? null : Math.min(busy, workedShares(points)[0] ?? busy);
}

function sumOfKnown<Each>(all: Iterable<Each>, value: (each: Each) => number | null): number {
  let total = 0;
  for (const each of all) total += value(each) ?? 0;
  return total;
}
