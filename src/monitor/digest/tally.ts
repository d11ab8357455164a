import { ratio } from '../../rates/delta.ts';
import type { Point } from '../../rates/point.ts';
import type { AppSample } from '../../rates/sample.ts';

/** Sums over the readings of a server in one period. */
export interface Tally {
  readings: number;
  /** Seconds for which the number of requests is known, and that number. */
  seconds: number;
  requests: number;
  /** Seconds for which the running time is known, that time, and the requests that it covers. */
  timedSeconds: number;
  runningTime: number;
  timedRequests: number;
  /** Seconds for which the cores are known, and the core seconds: those in a request, and all. */
  coreSeconds: number;
  busyTime: number;
  coreTime: number;
  /** The longest queue, and its limit. */
  queue: number | null;
  maxQueue: number | null;
  exceptions: number | null;
  harakiris: number | null;
  respawns: number | null;
  /** Reloads and restarts of the server. */
  restarts: number;
}

/** The main numbers of a period. `null` is unknown. */
export interface Numbers {
  /** Requests per second. */
  rps: number | null;
  /** Mean duration in seconds of the requests that ended. */
  responseTime: number | null;
  /** Mean share of cores in a request, 0 to 1. */
  busy: number | null;
  /** The longest queue that was seen, and its limit. */
  queue: number | null;
  maxQueue: number | null;
  /** Numbers of events, without the intervals in which the counters were reset. */
  exceptions: number | null;
  harakiris: number | null;
  respawns: number | null;
  restarts: number | null;
}

export function newTally(): Tally {
  return {
    readings: 0,
    seconds: 0,
    requests: 0,
    timedSeconds: 0,
    runningTime: 0,
    timedRequests: 0,
    coreSeconds: 0,
    busyTime: 0,
    coreTime: 0,
    queue: null,
    maxQueue: null,
    exceptions: null,
    harakiris: null,
    respawns: null,
    restarts: 0,
  };
}

/** Adds what a reading shows of the moment in which it was made, and the events since the reading before. */
export function addMoment(tally: Tally, { totals, interval }: AppSample): void {
  tally.readings += 1;
  const { cores, coresBusy, queue, maxQueue } = totals;
  if (cores !== null && coresBusy !== null) {
    // A reading after a pause gives no information about the pause.
    const seconds = Math.min(interval ?? 1, LONGEST_MOMENT);
    tally.coreSeconds += seconds;
    tally.busyTime += coresBusy * seconds;
    tally.coreTime += cores * seconds;
  }
  if (queue !== null && queue >= (tally.queue ?? 0)) {
    tally.queue = queue;
    tally.maxQueue = maxQueue;
  }
  tally.exceptions = plus(tally.exceptions, totals.exceptionsDelta);
  tally.harakiris = plus(tally.harakiris, totals.harakirisDelta);
  tally.respawns = plus(tally.respawns, totals.respawnsDelta);
}

/** Maximum seconds for which the busy cores of one reading count. */
const LONGEST_MOMENT = 60;

/**
 * Adds the requests of the interval of a reading.
 *
 * @param share the part of the interval that is in the period, 0 to 1
 */
export function addRequests(
  tally: Tally,
  { seconds, requests, timedRequests, runningTime }: Point,
  share: number,
): void {
  if (requests !== null) {
    tally.seconds += seconds * share;
    tally.requests += requests * share;
  }
  if (timedRequests !== null && runningTime !== null) {
    tally.timedSeconds += seconds * share;
    tally.timedRequests += timedRequests * share;
    tally.runningTime += runningTime * share;
  }
}

/** Adds the sums of another tally. */
export function addTally(tally: Tally, { queue, maxQueue, ...other }: Tally): void {
  tally.readings += other.readings;
  tally.seconds += other.seconds;
  tally.requests += other.requests;
  tally.timedSeconds += other.timedSeconds;
  tally.runningTime += other.runningTime;
  tally.timedRequests += other.timedRequests;
  tally.coreSeconds += other.coreSeconds;
  tally.busyTime += other.busyTime;
  tally.coreTime += other.coreTime;
  if (queue !== null && queue >= (tally.queue ?? 0)) {
    tally.queue = queue;
    tally.maxQueue = maxQueue;
  }
  tally.exceptions = plus(tally.exceptions, other.exceptions);
  tally.harakiris = plus(tally.harakiris, other.harakiris);
  tally.respawns = plus(tally.respawns, other.respawns);
  tally.restarts += other.restarts;
}

function plus(sum: number | null, amount: number | null): number | null {
  return amount === null ? sum : (sum ?? 0) + amount;
}

/**
 * The numbers of a period of one server, or of several together. The unknown numbers of a server are not part of a
 * total. The longest queue is that of one server.
 */
export function numbersOf(tallies: readonly Tally[]): Numbers {
  const read = tallies.filter(({ readings }) => readings > 0);
  const timed = tallies.filter(({ timedSeconds }) => timedSeconds > 0);
  const withCores = tallies.filter(({ coreSeconds }) => coreSeconds > 0);
  const total = (of: readonly Tally[], value: (tally: Tally) => number | null) =>
    of.map(value).reduce(plus, null);
  const perSecond = (value: (tally: Tally) => number) =>
    total(timed, (tally) => value(tally) / tally.timedSeconds);
  const mean = (value: (tally: Tally) => number) =>
    total(withCores, (tally) => value(tally) / tally.coreSeconds);
  return {
    rps: total(
      tallies.filter(({ seconds }) => seconds > 0),
      ({ requests, seconds }) => requests / seconds,
    ),
    responseTime: ratio(
      perSecond(({ runningTime }) => runningTime),
      perSecond(({ timedRequests }) => timedRequests),
    ),
    busy: ratio(
      mean(({ busyTime }) => busyTime),
      mean(({ coreTime }) => coreTime),
    ),
    ...longestQueue(read),
    exceptions: total(read, ({ exceptions }) => exceptions),
    harakiris: total(read, ({ harakiris }) => harakiris),
    respawns: total(read, ({ respawns }) => respawns),
    restarts: total(read, ({ restarts }) => restarts),
  };
}

function longestQueue(tallies: readonly Tally[]): Pick<Numbers, 'queue' | 'maxQueue'> {
  let longest: Pick<Numbers, 'queue' | 'maxQueue'> = { queue: null, maxQueue: null };
  for (const { queue, maxQueue } of tallies)
    if (queue !== null && queue > (longest.queue ?? -1)) longest = { queue, maxQueue };
  return longest;
}
