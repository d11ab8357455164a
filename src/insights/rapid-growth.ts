import { type Growth, lows, type MemoryReadings, pace } from '../rates/memory.ts';

/** Shortest window in seconds. */
export const LEAST_SECONDS = 90;
/**
 * Minimum gain of a worker in the window: in bytes, and as a share of its memory at the start. The values are high,
 * because requests and imports can take as much memory as a leak for a minute.
 */
export const LEAST_BYTES = 96 * 2 ** 20;
const LEAST_SHARE = 0.25;

/** Number of parts of the window. The lowest readings of the parts are compared. */
export const PARTS = 6;
/**
 * Minimum growth rate of each part, and of the last part, as a share of the mean rate. A single jump has less, and so
 * has growth that has ended.
 */
const EACH_PART = 0.45;
const LAST_PART = 0.8;
/**
 * Minimum growth rate of the second half, as a share of the rate of the first half. Growth that slows down has less.
 */
const SECOND_HALF = 0.8;

/** The growth since the reading `begin`, if it is large and continues in all parts of the window; otherwise `null`. */
export function rapidGrowth(readings: MemoryReadings, begin: number): Growth | null {
  const { times, bytes } = readings;
  const count = times.length;
  const seconds = (times[count - 1] ?? Number.NaN) - (times[begin] ?? Number.NaN);
  if (!(seconds >= LEAST_SECONDS) || count - begin < PARTS) return null;
  const parts = lows(readings, begin, count, PARTS);
  const first = parts[0];
  const last = parts[PARTS - 1];
  const mean = pace(first, last);
  const gained = mean * seconds;
  if (!first || !(gained >= LEAST_BYTES) || gained < first.bytes * LEAST_SHARE) return null;
  const isSteady =
    parts.slice(1).every((part, at) => pace(parts[at], part) >= EACH_PART * mean) &&
    pace(parts[PARTS - 2], last) >= LAST_PART * mean &&
    pace(parts[PARTS / 2], last) >= SECOND_HALF * pace(first, parts[PARTS / 2 - 1]);
  return isSteady
    ? { perMinute: mean * 60, from: bytes[begin] ?? 0, to: bytes[count - 1] ?? 0, seconds }
    : null;
}
