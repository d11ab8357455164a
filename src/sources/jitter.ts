/** Largest deviation of a reading, as a share of the interval. */
const SHARE = 0.05;

/**
 * Adds random jitter to an interval. Readings at an exact interval can stay in phase with periodic traffic. They then
 * always find all cores busy, although the server is idle most of the time. The mean is the interval itself.
 *
 * @param random returns a number from 0 (inclusive) to 1 (exclusive)
 */
export function jittered(seconds: number, random: () => number = Math.random): number {
  return seconds * (1 + SHARE * (2 * random() - 1));
}
