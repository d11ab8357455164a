/** Share of a processor above which reads are slowed down, and below which they become faster again. */
const MOST = 0.6;
const LEAST = 0.45;

/** Largest factor. A server is then still read often enough to see that it lives. */
const SLOWEST = 60;

/** Share by which the factor falls at once. A slow return does not alternate between two factors. */
const RETURN = 0.8;

/**
 * The factor of all intervals for the next second, so that reading many servers takes a limited share of a processor.
 *
 * @param pace the factor of the last second; 1 is the interval that the user chose
 * @param usage share of a processor that this process used in the last second
 */
export function paceAfter(pace: number, usage: number): number {
  if (usage > MOST) return Math.min(SLOWEST, pace * Math.min(2, usage / MOST));
  return usage < LEAST ? Math.max(1, pace * RETURN) : pace;
}
