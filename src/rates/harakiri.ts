import type { Worker } from '../stats/snapshot.ts';

/** The part of its time from which a request is near its end. */
export const NEAR_HARAKIRI = 0.8;

/** Seconds for which a request can outlive its limit: the master looks once a second, then kills. */
const SLACK = 3;

/**
 * Seconds until harakiri ends a request; 0 when that is due. `null` where it cannot be said: the limit is not known, the
 * request has outlived it, or the worker has several cores. Those have one limit together up to uWSGI 2.0.21 (seen), and
 * each request that begins or ends sets it anew.
 *
 * @param limit seconds, as the kernel of this machine tells it
 */
export function untilHarakiri(
  age: number | null,
  limit: number | null,
  worker: Worker | undefined,
): number | null {
  if (age === null || limit === null || worker?.cores.length !== 1 || age > limit + SLACK) return null;
  return Math.max(0, limit - age);
}
