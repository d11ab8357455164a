import type { Growth, MemoryReadings } from '../rates/memory.ts';
import { lineThrough, type Sums } from './line.ts';

/** Minimum gain of a worker in the window: in bytes, and as a share of its memory at the start. */
const LEAST_BYTES = 8 * 2 ** 20;
const LEAST_SHARE = 0.05;
/**
 * Largest difference between the slope at either end of a window and the mean slope, as a share of the mean slope. It
 * includes the standard error. A process that warms up with a time constant of ten minutes exceeds this share in its
 * first five minutes. So does a process that has stopped growing.
 */
const STEADY = 0.2;

/**
 * The growth since the reading `begin`, if the memory follows a straight line from there and was not steeper before;
 * otherwise `null`.
 *
 * @param sums running sums of the readings
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
  // The growth of a process that grew faster before is slowing down.
  const half = Math.ceil((end - begin) / 2);
  if (begin >= half && lineThrough(sums, begin - half, begin).slope > slope) return null;
  return { perMinute: slope * 60, from, to, seconds };
}
