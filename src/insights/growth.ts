import type { CoarsePoint } from '../rates/history.ts';
import { lineThrough, PARTS, type Sums } from './line.ts';

/** A worker that grows. */
export interface Growth {
  /** Bytes a minute. */
  perMinute: number;
  /** Bytes at the beginning and at the end of the line through what was seen. */
  from: number;
  to: number;
  /** Seconds that this took. */
  seconds: number;
}

/** Less than this is a moment, and a process that has just been started grows anyway. */
const LEAST_SECONDS = 300;
/** What a process gains is none of our business until it is this much, and this part of it. */
const LEAST_BYTES = 8 * 2 ** 20;
const LEAST_PART = 0.05;
/**
 * What goes on as it is keeps its pace within this part of it, also if chance made it look straighter than it is. What
 * gets warm with a time constant of ten minutes has lost more in its first five, and so has whatever has stopped.
 */
const STEADY = 0.2;
/** What was seen is looked at from its end, each time by this part of the time before: a leak can begin at any time. */
const SHORTER = 0.8;

/** By the last point that is complete: what was found then. It changes each ten seconds. */
const FOUND = new WeakMap<CoarsePoint, readonly (Growth & { place: number })[]>();

/** The workers that grow, of so many. */
export function growths(
  hour: readonly CoarsePoint[],
  workers: number,
): readonly (Growth & { place: number })[] {
  const points = hour.slice(0, -1);
  const last = points.at(-1);
  if (!last) return [];
  const before = FOUND.get(last);
  if (before) return before;
  const seen = seenIn(points);
  const found: (Growth & { place: number })[] = [];
  for (let place = 0; place < workers; place += 1) {
    const growth = growthSeen(seen, place);
    if (growth) found.push({ ...growth, place });
  }
  FOUND.set(last, found);
  return found;
}

/**
 * How a worker's memory grows, if it does so steadily and still does. What is a line for five minutes is one, whatever
 * it will become: a cache that is being filled, a process that gets warm within a quarter of an hour. It is no longer
 * found some minutes after it has stopped: after a tenth to a quarter of the time for which it grew.
 *
 * @param place of the worker
 */
export function growthOf(points: readonly CoarsePoint[], place: number): Growth | null {
  return growthSeen(seenIn(points), place);
}

/** What points say of all workers, and room for what they say of one. */
interface Seen {
  points: readonly { time: number; memory: Float32Array; isNew: boolean }[];
  course: Course;
}

/** Seconds since the first point, and bytes. */
interface Course extends Sums {
  time: Float64Array;
  value: Float64Array;
}

function seenIn(points: readonly CoarsePoint[]): Seen {
  const room = () => new Float64Array(points.length + 1);
  return {
    points: points.map(({ time, marks, workers }) => ({
      time: time - (points[0]?.time ?? 0),
      memory: workers.memory,
      isNew: marks.includes('respawn') || marks.includes('reset'),
    })),
    course: { time: room(), value: room(), times: room(), values: room() },
  };
}

function growthSeen(seen: Seen, place: number): Growth | null {
  const count = follow(seen, place);
  const { course } = seen;
  // The longest time in which it grows like this tells most.
  for (let length = count; length >= PARTS; length = Math.floor(length * SHORTER)) {
    const growth = growthSince(course, count - length, count);
    if (growth && isMore(course, count - length, length, growth)) return growth;
  }
  return null;
}

/** The growth from one place up to another, if there is as much of it as is told of, and it keeps its pace. */
function growthSince(course: Course, begin: number, end: number): Growth | null {
  const first = course.time[begin] ?? Number.NaN;
  const last = course.time[end - 1] ?? Number.NaN;
  const seconds = last - first;
  // Far too little, as mostly: the rest is dear.
  const raised = (course.value[end - 1] ?? 0) - (course.value[begin] ?? 0);
  if (!(seconds >= LEAST_SECONDS) || raised < LEAST_BYTES / 2) return null;
  const { slope, middle, bend, doubt } = lineThrough(course, begin, end);
  const gained = slope * seconds;
  const to = middle.value + slope * (last - middle.time);
  const from = to - gained;
  const isEnough = gained >= LEAST_BYTES && gained >= from * LEAST_PART;
  const isSteady = Math.abs(bend) + doubt <= STEADY * slope;
  return isEnough && isSteady ? { perMinute: slope * 60, from, to, seconds } : null;
}

/**
 * What went up faster before is getting warm, ever more slowly; what was as large before is a cache that is emptied now
 * and then.
 */
function isMore(course: Course, begin: number, length: number, { perMinute, from, to }: Growth): boolean {
  const most = course.value.subarray(0, begin).reduce((most, bytes) => Math.max(most, bytes), 0);
  if (to - most < (to - from) / 2) return false;
  const half = Math.ceil(length / 2);
  return begin < half || lineThrough(course, begin - half, begin).slope * 60 <= perMinute;
}

/** Writes down what is known of a worker since its process was replaced: how many readings; 0 if it did not grow. */
function follow({ points, course }: Seen, place: number): number {
  const { time, value } = course;
  let count = 0;
  let last = 0;
  let least = 0;
  let isNew = false;
  for (const point of points) {
    isNew ||= point.isNew;
    const bytes = point.memory[place];
    // A process that has done nothing yet has not measured itself.
    if (bytes === undefined || !(bytes > 0)) continue;
    // Any worker can be the one that is new: it is smaller than it was.
    if (isNew && bytes < last * (1 - LEAST_PART)) count = 0;
    isNew = false;
    least = count === 0 || bytes < least ? bytes : least;
    last = bytes;
    time[count] = point.time;
    value[count] = bytes;
    count += 1;
  }
  if (last - least < LEAST_BYTES / 2) return 0;
  addUp(time, course.times, count);
  addUp(value, course.values, count);
  return count;
}

function addUp(of: Float64Array, sums: Float64Array, count: number): void {
  let sum = 0;
  for (let place = 0; place < count; place += 1) {
    sum += of[place] ?? 0;
    sums[place + 1] = sum;
  }
}
