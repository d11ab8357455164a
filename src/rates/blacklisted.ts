import type { BlacklistEntry } from '../stats/snapshot.ts';

/** Seconds for which a try can be late: the emperor looks at its vassals every few seconds. */
const LATE = 15;

/**
 * Whether the emperor still tries to start a vassal of its blacklist. A vassal that was removed before its first
 * request stays in that list, but is not tried again.
 *
 * @param time unix seconds
 */
export function isTried({ lastAttempt, throttle }: BlacklistEntry, time: number): boolean {
  return lastAttempt === null || time - lastAttempt <= (throttle ?? 0) + LATE;
}
