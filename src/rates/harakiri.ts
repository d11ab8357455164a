import type { History } from './history.ts';
import type { AppSample, WorkerSample } from './sample.ts';

/** An interval that is longer than this says too little of when a worker was killed. */
const LONGEST_INTERVAL = 5;

/**
 * Seconds that the server gives a request (`harakiri`), which its document does not tell: as the kernel knows it, else as
 * the last harakiri showed it. `null` where neither is known.
 */
export function harakiriOf({ host }: AppSample, { harakiri }: History): number | null {
  return host?.harakiri ?? harakiri ?? null;
}

/** The part of its time from which a request is near its end. */
export const NEAR_HARAKIRI = 0.8;

export function isNearHarakiri(age: number | null, limit: number | null): boolean {
  return age !== null && limit !== null && age >= limit * NEAR_HARAKIRI;
}

/** How long the request had run that a harakiri of this interval ended: no less than its limit, to a second or two. */
export function harakiriSeen({ workers, time, interval }: AppSample): number | null {
  if (interval === null || interval > LONGEST_INTERVAL) return null;
  const ages = workers.flatMap((of) => (of.harakirisDelta ? (oldest(of, time - interval) ?? []) : []));
  return ages.length === 0 ? null : Math.max(...ages);
}

/** Seconds that the oldest request of a worker had run when it was last seen. */
function oldest({ before }: WorkerSample, time: number): number | null {
  const starts = (before?.cores ?? []).flatMap(({ requestStart }) => requestStart ?? []);
  const age = Math.floor(time - Math.min(...starts));
  return starts.length === 0 || age < 1 ? null : age;
}
