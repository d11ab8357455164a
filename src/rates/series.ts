import { MARKS, type Mark, type Point } from './point.ts';

/** A stretch of time in equal parts. */
export interface TimeAxis {
  /** Unix seconds. */
  end: number;
  seconds: number;
  parts: number;
}

/**
 * One number over time: the mean of what the points that reach into each part say, by how far they do; `null` where
 * none does, or none knows. Parts begin at whole multiples of their length, so that a curve moves on without changing
 * its shape; the last one holds `end`.
 *
 * @param isInstant the number is of the moment of a reading, not of the time since the one before
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
  for (const [at, point] of points.entries()) {
    const y = value(point);
    if (y === null) continue;
    // Nobody looked while the connection was lost; what was counted then is told afterwards, what was so is not.
    const unseen = isInstant && points[at - 1]?.marks.includes('lost');
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

/** What a first reading, which covers no time, is taken to cover. */
const FIRST_SECONDS = 1;

/** The weightiest mark that fell into each part. */
export function marksOver(points: readonly Point[], stretch: TimeAxis): (Mark | null)[] {
  const { length, first } = partsOf(stretch);
  const marks = Array.from<Mark | null>({ length: stretch.parts }).fill(null);
  for (const point of points) {
    const part = Math.floor(point.time / length) - first;
    if (part < 0 || part >= stretch.parts) continue;
    const there = marks[part];
    marks[part] = MARKS.find((mark) => mark === there || point.marks.includes(mark)) ?? null;
  }
  return marks;
}

/** Length of a part in seconds, and the number of the first one, counted from 1970. */
function partsOf({ end, seconds, parts }: TimeAxis): { length: number; first: number } {
  const length = seconds / parts;
  return { length, first: Math.floor(end / length) - parts + 1 };
}
