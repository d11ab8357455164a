import { MARKS, type Mark, type Point } from './point.ts';

/** A period of time, divided into equal parts. */
export interface TimeAxis {
  /** Unix seconds. */
  end: number;
  seconds: number;
  parts: number;
}

/**
 * One number over time: for each part, the mean of the points that overlap it, weighted by the overlap. `null` if no
 * point with a known value overlaps the part. Parts begin at whole multiples of their length, so a curve keeps its
 * shape while it moves. The last part contains `end`.
 *
 * @param isInstant whether the number is valid only for the moment of a reading, not for the whole interval before it
 */
export function series<P extends Point>(
  points: readonly P[],
  stretch: TimeAxis,
  value: (point: P) => number | null,
  isInstant = false,
): (number | null)[] {
  const { length, first } = partsOf(stretch);
  const weights = new Float64Array(stretch.parts);
  const sums = new Float64Array(stretch.parts);
  let before: P | undefined;
  for (const point of points) {
    const previous = before;
    before = point;
    const y = value(point);
    if (y === null) continue;
    // Do not attribute an instantaneous value to the outage before it. A counter does cover the outage.
    const unseen = isInstant && previous?.marks.includes('lost');
    const start = point.time - (unseen ? FIRST_SECONDS : point.seconds || FIRST_SECONDS);
    const from = Math.max(0, Math.floor(start / length) - first);
    const to = Math.min(stretch.parts - 1, Math.floor(point.time / length) - first);
    for (let part = from; part <= to; part += 1) {
      const begins = (first + part) * length;
      const weight = Math.max(0, Math.min(point.time, begins + length) - Math.max(start, begins));
      weights[part] = (weights[part] ?? 0) + weight;
      sums[part] = (sums[part] ?? 0) + weight * y;
    }
  }
  return Array.from(weights, (weight, part) => (weight > 0 ? (sums[part] ?? 0) / weight : null));
}

/** Seconds that a first reading, which has no interval, is assumed to cover. */
const FIRST_SECONDS = 1;

/** The most important mark in each part; `null` if there is none. */
export function marksOver(points: readonly Point[], stretch: TimeAxis): (Mark | null)[] {
  const { length, first } = partsOf(stretch);
  const marks = Array.from<Mark | null>({ length: stretch.parts }).fill(null);
  for (const point of points) {
    if (point.marks.length === 0) continue;
    const part = Math.floor(point.time / length) - first;
    if (part < 0 || part >= stretch.parts) continue;
    const there = marks[part];
    marks[part] = MARKS.find((mark) => mark === there || point.marks.includes(mark)) ?? null;
  }
  return marks;
}

/** Length of a part in seconds, and the number of the first part, counted from the Unix epoch. */
function partsOf({ end, seconds, parts }: TimeAxis): { length: number; first: number } {
  const length = seconds / parts;
  return { length, first: Math.floor(end / length) - parts + 1 };
}
