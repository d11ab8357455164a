import { ratio } from './delta.ts';
import type { History, Point } from './history.ts';

/** How busy a server was in some seconds, and what it could do besides. `null` is unknown. */
export interface Usage {
  stretch: Stretch;
  /** Seconds that are known of it. */
  seconds: number;
  requests: number;
  /** Requests per second. */
  rps: number | null;
  /** Seconds a request took: of those that ended. */
  responseTime: number | null;
  /** The response time against that of the next longer stretch: 0.5 is half as long again. */
  trend: number | null;
  /**
   * The part of the time of all cores that went into requests, 0 to 1, from their running time. A request counts when
   * it ends, with its whole length: one that hangs is not seen, and one that ends can make it more than 1.
   */
  busyByTime: number | null;
  /**
   * The same from the cores that were in a request when the documents were written: requests that hang count, those
   * that come and go between two documents only by chance.
   */
  busyBySample: number | null;
  /** Requests per second that keep every core busy, were they all as these: what processors can do is not in it. */
  capacity: number | null;
  /** Of these, what it could do besides: requests per second. */
  spare: number | null;
}

export const STRETCHES = ['interval', 'minute', 'tenMinutes', 'hour'] as const;
export type Stretch = (typeof STRETCHES)[number];

const SECONDS = { minute: 60, tenMinutes: 600, hour: 3600 } as const;

/** Fewer requests have no response time that is worth comparing, and no capacity. */
const ENOUGH = 20;

/** A stretch of which hardly more is known than of the one before says the same again. */
const LONGER = 1.5;

/** By stretch, the shortest first: the last interval, and as much of the longer ones as the history has. */
export function usageOf({ near, hour }: History): readonly Usage[] {
  const found: Usage[] = [];
  for (const stretch of STRETCHES) {
    const points = stretch === 'hour' ? hour : near;
    const usage = of(stretch, stretch === 'interval' ? points.slice(-1) : last(points, SECONDS[stretch]));
    const before = found.at(-1);
    if (usage.seconds > (before?.seconds ?? 0) * LONGER) found.push(usage);
  }
  return found.map((usage, at) => ({ ...usage, trend: trendOf(usage, found[at + 1]) }));
}

function last(points: readonly Point[], seconds: number): readonly Point[] {
  const end = points.at(-1)?.time ?? 0;
  return points.slice(points.findIndex(({ time }) => time > end - seconds));
}

function of(stretch: Stretch, points: readonly Point[]): Usage {
  const counted = points.filter(({ requests, seconds }) => requests !== null && seconds > 0);
  const timed = counted.filter(({ runningTime }) => runningTime !== null);
  const requests = sum(counted, (point) => point.requests);
  const seconds = sum(counted, (point) => point.seconds);
  const rps = ratio(requests, seconds);
  const busyByTime = ratio(
    sum(timed, (point) => (point.coreSeconds === null ? 0 : point.runningTime)),
    sum(timed, (point) => point.coreSeconds),
  );
  const seen = points.filter(({ busy }) => busy !== null);
  const busyBySample = ratio(
    sum(seen, (point) => (point.busy ?? 0) * point.seconds),
    sum(seen, (point) => point.seconds),
  );
  const capacity = requests < ENOUGH ? null : capacityOf(rps, busyByTime, busyBySample);
  return {
    stretch,
    seconds,
    requests,
    rps,
    responseTime: ratio(
      sum(timed, (point) => point.runningTime),
      sum(timed, (point) => point.requests),
    ),
    trend: null,
    busyByTime,
    busyBySample,
    capacity,
    spare: capacity === null || rps === null ? null : Math.max(0, capacity - rps),
  };
}

/** The higher of the two shares counts: each misses something. */
function capacityOf(rps: number | null, byTime: number | null, bySample: number | null): number | null {
  if (rps === null || (byTime === null && bySample === null)) return null;
  const busy = Math.min(1, Math.max(byTime ?? 0, bySample ?? 0));
  return busy === 0 ? null : rps / busy;
}

function trendOf(usage: Usage, longer: Usage | undefined): number | null {
  if (!longer || usage.requests < ENOUGH || usage.responseTime === null || !longer.responseTime) return null;
  return usage.responseTime / longer.responseTime - 1;
}

function sum(points: readonly Point[], value: (point: Point) => number | null): number {
  return points.reduce((all, point) => all + (value(point) ?? 0), 0);
}
