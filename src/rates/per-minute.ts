import type { History } from './history.ts';
import type { Point } from './point.ts';

const MINUTE = 60;

/** With fewer known seconds, a number of events says too little. */
const LEAST_SECONDS = 3;

/**
 * Events per minute, over the last minute or the known part of it. A shorter time is not extrapolated, so the number is
 * never higher than what was seen. `null` if less than a few seconds are known.
 *
 * @param value the number of events of a point; `null` if it is unknown
 */
export function perMinute(
  { near }: Pick<History, 'near'>,
  value: (point: Point) => number | null,
): number | null {
  let events = 0;
  let known = 0;
  let covered = 0;
  for (let at = near.length - 1; at >= 0 && covered < MINUTE; at -= 1) {
    const point = near[at];
    if (!point) break;
    covered += point.seconds;
    const number = value(point);
    if (number === null || point.seconds === 0) continue;
    events += number;
    known += point.seconds;
  }
  return known < LEAST_SECONDS ? null : events * Math.min(1, MINUTE / known);
}
