import type { Growth, MemoryReadings } from '../rates/memory.ts';
import { lineThrough, type Sums } from './line.ts';

/** What a worker must gain in the window: bytes, and a share of what it had. */
const LEAST_BYTES = 8 * 2 ** 20;
const LEAST_SHARE = 0.05;
/**
 * The slope at either end of a window may differ from the mean slope by this share of it, chance included. A process that
 * warms up with a time constant of ten minutes has slowed down by more in its first five minutes, and so has one that
 * has stopped growing.
 */
const STEADY = 0.2;

/**
 * The growth from the reading `begin` on, if memory follows a straight line since then and was not steeper before.
 *
 * @param sums of the readings
 */
export function steadyGrowth({ times }: MemoryReadings, sums: Sums, begin: number): Growth | null {
  const end = times.length;
  const last = times[end - 1] ?? Number.NaN;
  const seconds = last - (times[begin] ?? Number.NaN);
  const { slope, middle, bend, doubt } = lineThrough(sums, begin, end);
  const gained = slope * seconds;
  const to = middle.value + slope * (last - middle.time);
  const from = to - gained;
  const isEnough = gained >= LEAST_BYTES && gained >= from * LEAST_SHARE;
  if (!isEnough || !(Math.abs(bend) + doubt <= STEADY * slope)) return null;
  // A process that grew faster before levels off.
  const half = Math.ceil((end - begin) / 2);
  if (begin >= half && lineThrough(sums, begin - half, begin).slope > slope) return null;
  return { perMinute: slope * 60, from, to, seconds };
}
