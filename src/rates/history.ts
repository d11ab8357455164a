import { type Backlogs, backlogsAfter, NO_BACKLOGS } from './backlogs.ts';
import { delta, ratio, sum } from './delta.ts';
import { memoize } from './memoize.ts';
import { type CoarsePoint, MARKS, type Mark, type Point, type WorkerPoint } from './point.ts';
import { NO_RESTARTS, type Restarts, restartsAfter } from './restarts.ts';
import type { AppSample, Sample, WorkerSample } from './sample.ts';
import { NO_STARTS, type Starts, startsAfter } from './starts.ts';
import { isReloading, stateOf } from './state.ts';
import { workOf, workTogether } from './worked.ts';

/**
 * Past samples, oldest first. The points of `near` cover about 1 s each, and those of `hour` about 10 s. The size is
 * limited.
 */
export interface History {
  near: readonly Point[];
  hour: readonly CoarsePoint[];
  /** The point of the last sample alone. */
  last: Point | null;
  /** For an emperor: restarts of its vassals. */
  starts: Starts;
  /** For an app server: restarts of its daemons, mules and routers. */
  restarts: Restarts;
  /** For an app server: the folders in which spoolers try tasks while the number of waiting tasks does not fall. */
  backlogs: Backlogs;
}

/** The history before the first sample. */
export const NO_HISTORY: History = {
  near: [],
  hour: [],
  last: null,
  starts: NO_STARTS,
  restarts: NO_RESTARTS,
  backlogs: NO_BACKLOGS,
};

/** Ten minutes and one hour, with one reading per second. */
export const NEAR = { seconds: 1, points: 600 };
export const HOUR = { seconds: 10, points: 360 };

/**
 * Number of workers with a history; the first ones in the document are kept. An hour takes 35 MB for this number, and
 * would take 540 MB for 125,000 workers.
 */
const MOST_WORKERS = 8192;

/**
 * Adds a sample to the history, and drops the oldest points if the limit is reached. Only app servers have points; an
 * emperor has `starts`.
 */
export function remember(before: History, sample: Sample): History {
  if (sample.kind === 'emperor') return { ...before, starts: startsAfter(before.starts, sample) };
  if (sample.kind !== 'app') return before;
  const point = pointOf(sample, before.near.at(-1)?.hadCheap === true && !sample.reset);
  return {
    ...withPoint(before, point, workersOf(sample)),
    restarts: restartsAfter(before.restarts, sample),
    backlogs: backlogsAfter(before.backlogs, sample),
  };
}

/** Adds a point to the history, and drops the oldest points if the limit is reached. */
export function withPoint(before: History, point: Point, workers: WorkerPoint): History {
  return {
    ...before,
    near: added(before.near, point, NEAR, together),
    hour: added(before.hour, { ...point, workers }, HOUR, (a, b) => ({
      ...together(a, b),
      workers: a.seconds === 0 ? b.workers : workersTogether(a.workers, b.workers),
    })),
    last: point,
  };
}

/**
 * The last complete step of ten seconds. Unlike the step that is being filled, it changes only when the next one is
 * complete. `null` before the first complete step.
 *
 * @param sample the last sample; if its interval is longer than a step, it is a step of its own
 */
export function lastStep({ hour }: History, { interval }: Pick<Sample, 'interval'>): CoarsePoint | null {
  return hour.at((interval ?? 0) >= HOUR.seconds ? -1 : -2) ?? null;
}

/** Marks the end of the history: nothing is known from here until the next sample. */
export function markLost(history: History): History {
  return withMarks(history, ['lost']);
}

/** Adds marks to the last point of the history. */
export function withMarks(history: History, marks: readonly Mark[]): History {
  if (marks.length === 0) return history;
  return { ...history, near: marked(history.near, marks), hour: marked(history.hour, marks) };
}

function marked<P extends Point>(points: readonly P[], marks: readonly Mark[]): readonly P[] {
  const last = points.at(-1);
  const added = marks.filter((mark) => !last?.marks.includes(mark));
  if (!last || added.length === 0) return points;
  return [...points.slice(0, -1), { ...last, marks: [...last.marks, ...added] }];
}

/**
 * Merges a point into the last one until that covers a step, with a tolerance of a tenth of the new point's length. The
 * number of points is limited, so steps shorter than `seconds` shorten the history.
 */
function added<P extends Point>(
  points: readonly P[],
  point: P,
  { seconds, points: most }: typeof NEAR,
  join: (a: P, b: P) => P,
): readonly P[] {
  const last = points.at(-1);
  if (last && extendsPoint(point, last, seconds)) return [...points.slice(0, -1), join(last, point)];
  // Also limit the age: with long intervals, the maximum number of points would cover a longer time.
  const begin = points.findIndex(({ time }) => time > point.time - most * seconds);
  return [...(begin < 0 ? [] : points.slice(Math.max(begin, points.length + 1 - most))), point];
}

/** Whether a new point is merged into the last one. */
function extendsPoint(point: Point, last: Point, seconds: number): boolean {
  return !last.marks.includes('lost') && last.seconds + point.seconds / 10 <= seconds;
}

/** The complete points up to a point. Points are only added at the end and removed at the beginning. */
const COMPLETE = new WeakMap<Point, readonly Point[]>();

/**
 * The points of `near`, without the last one if the next sample will extend it. The result is the same array until the
 * next point is complete.
 */
export function completePoints({ near, last }: Pick<History, 'near' | 'last'>): readonly Point[] {
  const newest = near.at(-1);
  const isOpen = newest !== undefined && last !== null && extendsPoint(last, newest, NEAR.seconds);
  // The only point is shown although it is not complete.
  const length = isOpen ? Math.max(1, near.length - 1) : near.length;
  const end = near[length - 1];
  const known = end && COMPLETE.get(end);
  if (known && known.length === length && known[0] === near[0]) return known;
  const points = length === near.length ? near : near.slice(0, length);
  if (end) COMPLETE.set(end, points);
  return points;
}

function pointOf(sample: AppSample, hadCheap: boolean): Point {
  const { totals, interval, reset, time } = sample;
  const { requestsDelta, txRate, exceptionsDelta, queue } = totals;
  return {
    time,
    seconds: interval ?? 0,
    requests: requestsDelta,
    timedRequests: totals.timedRequestsDelta,
    runningTime: totals.runningTimeDelta,
    work: workOf(sample),
    tx: txRate === null || interval === null ? null : txRate * interval,
    exceptions: exceptionsDelta,
    writeErrors: writeErrorsOf(sample),
    harakiris: totals.harakirisDelta,
    respawns: totals.respawnsDelta,
    busy: ratio(totals.coresBusy, totals.cores),
    queue,
    refused: totals.refusedDelta,
    memory: residentMemory(sample),
    cheap: totals.cheap,
    hadCheap: totals.cheap > 0 || hadCheap,
    reloading: isReloading(sample.snapshot.workers),
    marks: [
      ...(reset ? (['reset'] as const) : []),
      ...(totals.harakirisDelta ? (['harakiri'] as const) : []),
      ...(totals.respawnsDelta && hasRespawn(sample) ? (['respawn'] as const) : []),
    ],
  };
}

/** uWSGI also counts the start of a worker that cheaper had stopped. */
function hasRespawn({ workers }: AppSample): boolean {
  return workers.some(({ before, respawnsDelta }) => respawnsDelta && before && stateOf(before) !== 'cheap');
}

function writeErrorsOf({ workers }: AppSample): number | null {
  return sum(
    workers,
    ({ worker, before }) =>
      before && sum(worker.cores, (core) => delta(before.cores[core.id]?.writeErrors, core.writeErrors)),
  );
}

/**
 * Resident memory of all running workers, in bytes. Pages that workers share are counted for each worker. `null` if the
 * memory of a running worker is unknown, or no worker runs.
 */
export const residentMemory = memoize(({ workers }: AppSample): number | null => {
  const running = workers.filter(({ worker }) => worker.alive);
  return running.length === 0 ? null : sum(running, ({ worker }) => worker.rss);
});

function together(a: Point, b: Point): Point {
  const seconds = a.seconds + b.seconds;
  return {
    time: b.time,
    seconds,
    requests: plus(a, b, 'requests'),
    timedRequests: plus(a, b, 'timedRequests'),
    runningTime: plus(a, b, 'runningTime'),
    work: workTogether(a, b),
    tx: plus(a, b, 'tx'),
    exceptions: plus(a, b, 'exceptions'),
    writeErrors: plus(a, b, 'writeErrors'),
    harakiris: plus(a, b, 'harakiris'),
    respawns: plus(a, b, 'respawns'),
    busy:
      a.busy === null || b.busy === null || seconds === 0
        ? (b.busy ?? a.busy)
        : (a.busy * a.seconds + b.busy * b.seconds) / seconds,
    refused: plus(a, b, 'refused'),
    queue: a.queue === null ? b.queue : Math.max(a.queue, b.queue ?? 0),
    memory: b.memory ?? a.memory,
    cheap: Math.max(a.cheap, b.cheap),
    hadCheap: b.hadCheap,
    reloading: (a.seconds === 0 || a.reloading) && b.reloading,
    marks: MARKS.filter((mark) => a.marks.includes(mark) || b.marks.includes(mark)),
  };
}

type Sum =
  | 'requests'
  | 'timedRequests'
  | 'runningTime'
  | 'tx'
  | 'exceptions'
  | 'writeErrors'
  | 'refused'
  | 'harakiris'
  | 'respawns';

/**
 * The sum of a number over two successive points. A first reading covers no time and has no sums, so it counts as 0.
 */
function plus(a: Point, b: Point, name: Sum): number | null {
  const left = a.seconds === 0 ? 0 : a[name];
  const right = b.seconds === 0 ? 0 : b[name];
  if (a.seconds + b.seconds === 0) return null;
  return left === null || right === null ? null : left + right;
}

function workersOf(sample: AppSample): WorkerPoint {
  const workers = sample.workers.slice(0, MOST_WORKERS);
  const each = (value: (of: WorkerSample) => number | null) =>
    Float32Array.from(workers, (of) => value(of) ?? Number.NaN);
  return {
    requests: each((of) => of.requestsDelta),
    timedRequests: each((of) => of.timedRequestsDelta),
    runningTime: each((of) => of.runningTimeDelta),
    memory: each(({ worker }) => worker.rss),
    pid: Uint32Array.from(workers, ({ worker }) => worker.pid ?? 0),
  };
}

/** Adds up two successive worker points; NaN if either value is unknown. A new worker has no earlier value to add. */
function workersTogether(a: WorkerPoint, b: WorkerPoint): WorkerPoint {
  const sums = (before: Float32Array, after: Float32Array) =>
    after.map((value, at) => {
      const old = before[at];
      return old === undefined ? value : old + value;
    });
  return {
    requests: sums(a.requests, b.requests),
    timedRequests: sums(a.timedRequests, b.timedRequests),
    runningTime: sums(a.runningTime, b.runningTime),
    memory: b.memory,
    pid: b.pid,
  };
}
