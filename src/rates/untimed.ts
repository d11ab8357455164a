import type { Sample } from './sample.ts';

/** Whether there are two comparable readings, but the time between them is too uncertain for a rate. */
export function isUntimed(sample: Sample): boolean {
  return sample.kind === 'app' && sample.before !== null && sample.interval === null;
}
