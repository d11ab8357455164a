import { type Growth, lows, type MemoryReadings, pace } from '../rates/memory.ts';

/** The shortest window. */
export const LEAST_SECONDS = 90;
/**
 * What a worker must gain in the window: bytes, and a share of what it had. It is much, because requests and imports can
 * take as much memory as a leak for a minute.
 */
export const LEAST_BYTES = 96 * 2 ** 20;
const LEAST_SHARE = 0.25;

/** The window is divided into so many parts, and the lowest readings of the parts are compared. */
export const PARTS = 6;
/** Shares of the mean pace that each part has at least, and the last one: a jump has less, and a load that is over. */
const EACH_PART = 0.45;
const LAST_PART = 0.8;
/** Share of the pace of the first half that the second one has at least: growth that levels off has less. */
const SECOND_HALF = 0.8;

/** The growth from the reading `begin` on, if it is large and goes on in all parts of the time since then. */
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
