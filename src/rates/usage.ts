import type { HostReading } from '../host/reading.ts';
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
   * it ends, with its whole length: one that hangs is not seen, and one that has run for long can make it more than 1.
   */
  busyByTime: number | null;
  /**
   * The same from the cores that were in a request when the documents were written: requests that hang count, those
   * that come and go between two documents only by chance.
   */
  busyBySample: number | null;
  /**
   * Of the two the higher one, as each misses something; where a request ended that had run for longer than all cores
   * have had time since the look before, its running time says nothing of this stretch, and the samples count.
   */
  busy: number | null;
  /**
   * Requests per second that keep every core busy, were they all as these, or all processors, where the kernel of this
   * machine tells how much of them they take.
   */
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
export function usageOf({ near, hour, last }: History, host: HostReading | null = null): readonly Usage[] {
  const found: Usage[] = [];
  const most = processorCapacity(last, host);
  for (const stretch of STRETCHES) {
    const usage = of(stretch, pointsOf(stretch, { near, hour, last }), most);
    const before = found.at(-1);
    if (usage.seconds > (before?.seconds ?? 0) * LONGER) found.push(usage);
  }
  return found.map((usage, at) => ({ ...usage, trend: trendOf(usage, found[at + 1]) }));
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

function of(stretch: Stretch, points: readonly Point[], most: number): Usage {
  const counted = points.filter(({ requests, seconds }) => requests !== null && seconds > 0);
  const timed = counted.filter(
    ({ runningTime, timedRequests }) => runningTime !== null && timedRequests !== null,
  );
  const cored = timed.filter(({ coreSeconds }) => coreSeconds !== null);
  const requests = sum(counted, (point) => point.requests);
  const seconds = sum(counted, (point) => point.seconds);
  const rps = ratio(requests, seconds);
  const busyByTime = ratio(
    sum(cored, (point) => point.runningTime),
    sum(cored, (point) => point.coreSeconds),
  );
  const busyBySample = sampled(points);
  const hadLong = cored.some(({ runningTime, coreSeconds }) => (runningTime ?? 0) > (coreSeconds ?? 0));
  const busy = hadLong ? busyBySample : higher(busyByTime, busyBySample);
  const capacity =
    requests < ENOUGH || rps === null || !busy
      ? null
      : Math.max(rps, Math.min(most, rps / Math.min(1, busy)));
  return {
    stretch,
    seconds,
    requests,
    rps,
    responseTime: ratio(
      sum(timed, (point) => point.runningTime),
      sum(timed, (point) => point.timedRequests),
    ),
    trend: null,
    busyByTime,
    busyBySample,
    busy,
    capacity,
    spare: capacity === null || rps === null ? null : Math.max(0, capacity - rps),
  };
}

/** Requests per second that all processors of the machine can do, if each takes as much of them as the last ones. */
function processorCapacity(last: Point | null, host: HostReading | null): number {
  const used = host && sum(host.processes.values(), ({ cpu }) => cpu);
  const { requests, seconds } = last ?? { requests: null, seconds: 0 };
  if (!host || !used || requests === null || requests < ENOUGH) return Number.POSITIVE_INFINITY;
  return (host.machine.processors / used) * (requests / seconds);
}

/** A look after a time in which nobody looked says nothing of that time. */
function sampled(points: readonly Point[]): number | null {
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

function higher(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

function trendOf(usage: Usage, longer: Usage | undefined): number | null {
  if (!longer || usage.requests < ENOUGH || usage.responseTime === null || !longer.responseTime) return null;
  return usage.responseTime / longer.responseTime - 1;
}

function sum<Each>(all: Iterable<Each>, value: (each: Each) => number | null): number {
  let total = 0;
  for (const each of all) total += value(each) ?? 0;
  return total;
}
