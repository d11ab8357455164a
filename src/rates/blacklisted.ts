import type { BlacklistEntry } from '../stats/snapshot.ts';

/** Seconds by which a try can be late. The emperor checks its vassals every few seconds. */
const LATE = 15;

/**
 * Whether the emperor still tries to start a blacklisted vassal. A vassal that was removed before its first request
 * stays in the blacklist, but the emperor does not try it again.
 *
 * @param time Unix seconds
 */
export function isTried({ lastAttempt, throttle }: BlacklistEntry, time: number): boolean {
  return lastAttempt === null || time - lastAttempt <= (throttle ?? 0) + LATE;
}
