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
const STRAIGHT = 0.9;
/** The last third grows at least so much of the pace of the whole: what warms up gets slower. */
const GOES_ON = 0.6;
/** Losing more than this is a new process, or one that gave back: the line begins there. */
const FELL = 0.2;

/** How a worker's memory grows, if it does so steadily: a straight line, still going on. @param place of the worker */
export function growthOf(points: readonly CoarsePoint[], place: number): Growth | null {
  const seen = sinceFall(
    points.flatMap(({ time, workers }) => {
      const y = workers.memory[place] ?? Number.NaN;
      return Number.isNaN(y) ? [] : [{ x: time, y }];
    }),
  );
  const [first] = seen;
  const last = seen.at(-1);
  if (!first || !last || seen.length < LEAST_POINTS || last.x - first.x < LEAST_SECONDS) return null;
  const line = lineThrough(seen);
  const end = lineThrough(seen.slice(-Math.ceil(seen.length / 3)));
  const seconds = last.x - first.x;
  const gained = line.slope * seconds;
  const from = last.y - gained;
  if (gained < LEAST_BYTES || gained < from * LEAST_PART) return null;
  if (line.straightness < STRAIGHT || end.slope < line.slope * GOES_ON) return null;
  return { perMinute: line.slope * 60, from, to: last.y, seconds };
}

interface Spot {
  x: number;
  y: number;
}

function sinceFall(spots: readonly Spot[]): readonly Spot[] {
  const fall = spots.findLastIndex(({ y }, at) => y < (spots[at - 1]?.y ?? 0) * (1 - FELL));
  return fall < 0 ? spots : spots.slice(fall);
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
