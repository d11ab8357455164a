import type { Subject } from '../monitor/observation.ts';
import type { Sample } from '../rates/sample.ts';
import { isEarliestTime } from '../rates/written.ts';
import * as format from '../text/format.ts';

/**
 * Time at which a saved document was written: `2026-11-22 08:16:50`, with `or later` or `or earlier` if it is not
 * exact.
 */
export function savedAt({ time, timeIsExact, snapshot }: Sample): string {
  const at = format.dayAndTime(time);
  if (timeIsExact) return at;
  return isEarliestTime(snapshot, time) ? `${at} or later` : `${at} or earlier`;
}

/**
 * The time of a sample that is not of the present: `saved 2026-11-22 08:16:50`, or `at 2026-11-22 08:16:50` for one of a
 * recording. Empty for others.
 */
export function pastNote(sample: Subject, recorded = false): string {
  if (sample.kind !== 'fleet' && sample.saved) return `saved ${savedAt(sample)}`;
  return recorded ? `at ${format.dayAndTime(sample.time)}` : '';
}
