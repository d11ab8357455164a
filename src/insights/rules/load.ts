import { aboutRequest, aboutWorker } from '../../rates/about.ts';
import type { History } from '../../rates/history.ts';
import { oldestRequest } from '../../rates/in-flight.ts';
import type { Point } from '../../rates/point.ts';
import type { AppSample } from '../../rates/sample.ts';
import { isReloading, isServing } from '../../rates/state.ts';
import { workedShares } from '../../rates/worked.ts';
import { duration } from '../../text/format.ts';
import { percent, plural } from '../../text/words.ts';
import { setting } from '../commands.ts';
import type { Rule } from '../rule.ts';
import { covered, recent, span, total } from '../rule.ts';
import { whatOf } from '../words.ts';

/** Seconds of history from which load figures are computed. */
const RECENTLY = 60;

const busy: Rule = {
  name: 'busy',
  rank: 3,
  measures:
    'seconds for which every core has been busy: by the requests that run, or in each reading and by the running time of the requests',
  levels: { warning: 5, critical: 30 },
  holds: 0,
  clears: 3,
  advice:
    'New requests wait. Long requests occupy the cores, or there are too few cores. More processes or threads serve more requests at a time.',
  observe({ sample, history }) {
    // During a reload the remaining cores are all busy, and more cores would not help. See the rule `reloading`.
    if (sample.kind !== 'app' || isReloading(sample.snapshot.workers)) return [];
    const since = earliest(busySince(history), inPresentRequestsSince(sample));
    if (since === null) return [];
    const seconds = sample.time - since;
    const cores = sample.totals.cores ?? 0;
    const oldest = oldestRequest(sample);
    const what = oldest ? `, oldest on ${whatOf(oldest)}` : '';
    const all = cores === 1 ? 'the only core' : `all ${plural(cores, 'core')}`;
    return [
      {
        level: seconds,
        since,
        about: oldest ? aboutRequest(oldest) : { view: 'requests', row: null },
        text: `${all} busy for ${duration(seconds)}${what}`,
      },
    ];
  },
};

/** uWSGI reports the start of a request in whole seconds. */
const START_ERROR = 1;

/**
 * Unix seconds since when each core has been in its present request. This is known from the first reading on. `null` if a
 * core is free, or if a start is unknown.
 */
function inPresentRequestsSince({ snapshot, totals, time }: AppSample): number | null {
  if (!totals.cores || totals.coresBusy !== totals.cores) return null;
  let last = Number.NEGATIVE_INFINITY;
  for (const worker of snapshot.workers)
    if (isServing(worker))
      for (const { requestStart } of worker.cores)
        last = Math.max(last, requestStart ?? Number.POSITIVE_INFINITY);
  return last + START_ERROR < time ? last + START_ERROR : null;
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** A reading is valid for the whole interval before it if the interval is at most this many seconds. */
const MOMENT = 2;

/** Minimum share of core time that requests must have taken, if the time is known. */
const PROVEN = 0.9;
/**
 * If the time of the requests is unknown, all cores must be busy in this many points. Readings can coincide with a
 * periodic load by chance.
 */
const MANY_POINTS = 10;

/**
 * Unix seconds since when all cores have been busy, both in each reading and by the time of the requests. `null` if
 * they are not busy.
 */
function busySince({ near, hour }: History): number | null {
  const first = near[begin(near)];
  if (!first) return null;
  const recent = provenSince(near.slice(begin(near)), first.seconds <= MOMENT);
  // If all fine points match, the busy period may have begun earlier. Continue with the coarse points.
  if (begin(near) > 0) return recent;
  const older = provenSince(hour.slice(begin(hour)), first.seconds <= MOMENT);
  return recent === null ? null : earliest(recent, older);
}

/** Index of the first point from which on all cores were busy in each reading. */
function begin(points: readonly Point[]): number {
  return points.findLastIndex(({ busy }) => busy === null || busy < 1) + 1;
}

/** Start of the longest period up to the last point that the time of the requests confirms; `null` if there is none. */
function provenSince(points: readonly Point[], isClose: boolean): number | null {
  const shares = workedShares(points);
  const from = points.find((_, at) => {
    // With short intervals the period begins with the reading before the point, otherwise with the point's own reading.
    const share = shares[isClose ? at : at + 1] ?? null;
    return share === null ? points.length - at >= MANY_POINTS : share >= PROVEN;
  });
  if (!from) return null;
  return isClose ? from.time - from.seconds : from.time;
}

/**
 * Minimum number of exceptions or write errors in the window. With fewer, their share of the requests is not
 * significant.
 */
const ENOUGH = 5;

const exceptions: Rule = {
  name: 'exceptions',
  measures: `exceptions in the last ${RECENTLY} seconds, without write errors, as a share of the requests, 0 to 1`,
  levels: { warning: 0.01, critical: 0.1 },
  holds: 0,
  clears: 5,
  advice:
    'See the tracebacks in the server log. Only exceptions that reach uWSGI count: Django and Flask turn theirs into 500 responses, which the web server log shows.',
  observe({ history }) {
    const points = recent(history, RECENTLY);
    // uWSGI's Python plugin raises an exception for each response that cannot be written, or at least counts one.
    const errors = total(points, (point) => point.writeErrors);
    const exceptions = Math.max(0, total(points, (point) => point.exceptions) - errors);
    const requests = total(points, (point) => point.requests);
    if (exceptions < ENOUGH) return [];
    const level = exceptions / Math.max(exceptions, requests);
    return [
      {
        level,
        about: { view: 'apps', row: null },
        text: `${plural(exceptions, 'exception')} in ${span(points)}, ${percent(level)} of requests`,
      },
    ];
  },
};

const writeErrors: Rule = {
  name: 'write-errors',
  measures: `write errors in the last ${RECENTLY} seconds as a share of the requests, 0 to 1`,
  levels: { warning: 0.01, critical: 0.2 },
  holds: 0,
  clears: 5,
  advice:
    'Clients or the web server closed the connection before the response. Compare the response time with their timeouts.',
  observe({ history }) {
    const points = recent(history, RECENTLY);
    const errors = total(points, (point) => point.writeErrors);
    if (errors < ENOUGH) return [];
    const level =
      errors /
      Math.max(
        errors,
        total(points, (point) => point.requests),
      );
    return [
      {
        level,
        about: { view: 'workers', row: null },
        text: `${plural(errors, 'write error')} in ${span(points)}, ${percent(level)} of requests`,
      },
    ];
  },
};

const cheaper: Rule = {
  name: 'cheaper',
  measures: `share of busy cores in the last ${RECENTLY} seconds, 0 to 1, when no cheap worker is left to start`,
  levels: { warning: 0.9, critical: null },
  holds: 0,
  clears: 10,
  advice: 'cheaper has started all workers. processes = NUMBER sets the limit.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    // Without a cheap worker since the last reset, there is no sign that the server uses `cheaper`.
    if (!history.near.at(-1)?.hadCheap) return [];
    const points = recent(history, RECENTLY);
    const seconds = covered(points);
    if (seconds < RECENTLY * 0.9 || points.some(({ cheap, busy }) => cheap > 0 || busy === null)) return [];
    const seen = total(points, ({ busy, seconds }) => (busy ?? 0) * seconds) / seconds;
    // Readings can coincide with busy moments by chance, so limit the level to the time of the requests.
    const level = Math.min(seen, workedShares(points)[0] ?? seen);
    const { workers } = sample.totals;
    return [
      {
        level,
        about: { view: 'workers', row: null },
        command: setting('processes', Math.ceil(workers * 1.5)),
        advice: `cheaper has started all workers. processes = ${Math.ceil(workers * 1.5)} (now ${workers}) raises the limit.`,
        text: `${workers} of ${plural(workers, 'worker')} running (cheaper), ${percent(level)} busy`,
      },
    ];
  },
};

/**
 * Minimum number of workers, and of requests in the interval. With fewer, a share of the requests is not significant.
 */
const LOPSIDED = { workers: 4, requests: 20 };

const lopsided: Rule = {
  name: 'lopsided',
  measures:
    "share of an interval's requests that the busiest worker serves, 0 to 1, while its cores are all busy and others are idle",
  levels: { warning: 0.9, critical: null },
  holds: 30,
  clears: 10,
  advice:
    'The kernel wakes the same worker for each connection, although it is full. thunder-lock = true lets the workers take turns.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const { workers, totals } = sample;
    const running = workers.filter(({ worker }) => worker.alive);
    if (running.length < LOPSIDED.workers || (totals.requestsDelta ?? 0) < LOPSIDED.requests) return [];
    const full = running.find(
      ({ worker, intervalShare }) =>
        (intervalShare ?? 0) > 0.5 && worker.cores.length > 0 && worker.cores.every((core) => core.inRequest),
    );
    const idle = running.filter(({ worker }) => worker.cores.every((core) => !core.inRequest)).length;
    if (!full || idle < running.length / 2) return [];
    const level = full.intervalShare ?? 0;
    return [
      {
        level,
        about: aboutWorker(full.worker.id),
        command: setting('thunder-lock', true),
        text: `worker ${full.worker.id} serves ${percent(level)} of requests while ${plural(idle, 'worker')} ${idle === 1 ? 'is' : 'are'} idle`,
      },
    ];
  },
};

/** Rules about slow and failed requests. */
export const LOAD_RULES: readonly Rule[] = [busy, exceptions, writeErrors, cheaper, lopsided];
