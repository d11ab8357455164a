import type { History } from './history.ts';
import type { Point } from './point.ts';

const MINUTE = 60;

/** With fewer known seconds, a number of events says too little. */
const LEAST_SECONDS = 3;

/** From this number of events on, the rate of less than a minute is certain to about a third. */
const ENOUGH_EVENTS = 10;

/**
 * Events per minute, over the last minute or the known part of it. A few events in a shorter time are not extrapolated:
 * they could be the only ones. `null` if less than a few seconds are known.
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
  if (known < LEAST_SECONDS) return null;
  const factor = MINUTE / known;
  return events * (events >= ENOUGH_EVENTS ? factor : Math.min(1, factor));
}
