import type { CoarsePoint } from '../rates/history.ts';

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
const LEAST_POINTS = 20;
/** What a process gains is none of our business until it is this much, and this part of it. */
const LEAST_BYTES = 8 * 2 ** 20;
const LEAST_PART = 0.05;
/** A line explains at least so much of what is seen (the square of the correlation). */
const STRAIGHT = 0.9815;
/**
 * The last third grows at least so much of the pace of the whole: what warms up gets slower, and in the first minutes
 * hardly so.
 */
const GOES_ON = { early: 0.88, later: 0.75, from: 600 };
/** A new process is smaller by this part at least. */
const FELL = 0.2;

/** Parts of what was seen that are looked at, from its end: a leak can begin at any time. */
const ENDS = [1, 1 / 2, 1 / 4, 1 / 8];

/** By the last point that is complete: what was found then. It changes each ten seconds, and looking is dear. */
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
  const found = Array.from({ length: workers }, (_, place) => place).flatMap((place) => {
    const growth = growthOf(points, place);
    return growth ? [{ ...growth, place }] : [];
  });
  FOUND.set(last, found);
  return found;
}

/** How a worker's memory grows, if it does so steadily: a straight line, still going on. @param place of the worker */
export function growthOf(points: readonly CoarsePoint[], place: number): Growth | null {
  const seen = ofOneProcess(
    points.flatMap(({ time, workers, marks }) => {
      const y = workers.memory[place] ?? Number.NaN;
      return Number.isNaN(y)
        ? []
        : [{ x: time, y, isNew: marks.includes('respawn') || marks.includes('reset') }];
    }),
  );
  for (const part of ENDS) {
    const begin = seen.length - Math.ceil(seen.length * part);
    const before = seen.slice(0, begin);
    const growth = lineOf(seen.slice(begin));
    // What went up faster before is getting warm, what was as large before is a cache that is emptied now and then.
    if (
      growth &&
      growth.perMinute > paceOf(before) * FASTER &&
      growth.to > peakOf(before) + (growth.to - growth.from) / 2
    )
      return growth;
  }
  return null;
}

/** What begins to grow does so this much faster than it did before. */
const FASTER = 2;

/** Bytes a minute; 0 of too little. */
function paceOf(seen: readonly Spot[]): number {
  return seen.length < LEAST_POINTS ? 0 : Math.max(0, lineThrough(seen).slope * 60);
}

function peakOf(seen: readonly Spot[]): number {
  return seen.reduce((most, { y }) => Math.max(most, y), 0);
}

function lineOf(seen: readonly Spot[]): Growth | null {
  const [first] = seen;
  const last = seen.at(-1);
  if (!first || !last || seen.length < LEAST_POINTS || last.x - first.x < LEAST_SECONDS) return null;
  if (last.y - first.y < LEAST_BYTES / 2) return null;
  const line = lineThrough(seen);
  const end = lineThrough(seen.slice(-Math.ceil(seen.length / 3)));
  const seconds = last.x - first.x;
  const gained = line.slope * seconds;
  const from = last.y - gained;
  if (gained < LEAST_BYTES || gained < from * LEAST_PART) return null;
  if (
    line.straightness < STRAIGHT ||
    end.slope < line.slope * (seconds < GOES_ON.from ? GOES_ON.early : GOES_ON.later)
  )
    return null;
  return { perMinute: line.slope * 60, from, to: last.y, seconds };
}

interface Spot {
  x: number;
  y: number;
  /** A process was replaced in these seconds. */
  isNew: boolean;
}

/** Since the process was replaced. */
function ofOneProcess(spots: readonly Spot[]): readonly Spot[] {
  const fell = spots.findLastIndex(({ y, isNew }, at) => isNew && y < (spots[at - 1]?.y ?? 0) * (1 - FELL));
  return spots.slice(Math.max(0, fell));
}

/** Least squares. */
function lineThrough(spots: readonly Spot[]): { slope: number; straightness: number } {
  const mean = (value: (spot: Spot) => number) =>
    spots.reduce((sum, spot) => sum + value(spot), 0) / spots.length;
  const x = mean((spot) => spot.x);
  const y = mean((spot) => spot.y);
  const xx = mean((spot) => (spot.x - x) ** 2);
  const yy = mean((spot) => (spot.y - y) ** 2);
  const xy = mean((spot) => (spot.x - x) * (spot.y - y));
  return { slope: xx === 0 ? 0 : xy / xx, straightness: xx * yy === 0 ? 0 : xy ** 2 / (xx * yy) };
}
