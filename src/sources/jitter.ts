/** Share of an interval by which a reading comes earlier or later. */
const SHARE = 0.05;

/**
 * An interval with a little chance in it: readings at an exact rhythm meet traffic of the same rhythm always in the same
 * phase, and find all cores busy in a server that is idle most of the time. The mean is the interval itself.
 *
 * @param random a number from 0 to 1, without 1
 */
export function jittered(seconds: number, random: () => number = Math.random): number {
  return seconds * (1 + SHARE * (2 * random() - 1));
}
