/** A part of the time of a summary. Times are in Unix seconds. */
export interface Period {
  since: number;
  until: number;
}

/** Equal periods, one after the other. The first and the last one are cut to the time of the summary. */
export interface Periods extends Period {
  /** Seconds of a whole period. */
  length: number;
  /** Unix seconds at which the first period begins, if it is whole. */
  first: number;
  count: number;
}

/** Lengths of periods in seconds, from which one is chosen. */
const LENGTHS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400,
  172_800, 604_800,
];

/** Minimum number of readings in a period with a chosen length. With fewer, some periods would have no numbers. */
const READINGS = 2;

/** Maximum number of periods with a chosen length. */
const MOST_CHOSEN = 20;

/** Maximum number of periods. */
export const MOST_PERIODS = 1000;

/**
 * Divides a time into periods that begin at multiples of their length in local time.
 *
 * @param offset seconds by which local time is ahead of UTC
 * @param length of a period in seconds; without it, a length is chosen that gives about a dozen periods
 * @param interval seconds between two readings: a chosen length contains at least two
 */
export function periodsOf({ since, until }: Period, offset: number, length?: number, interval = 0): Periods {
  const seconds = length ?? chosenLength(until - since, READINGS * interval);
  const first = Math.floor((since + offset) / seconds) * seconds - offset;
  const count = Math.max(1, Math.ceil((until - first) / seconds));
  return { since, until, length: seconds, first, count };
}

function chosenLength(seconds: number, least: number): number {
  const longest = LENGTHS.at(-1) ?? 1;
  return (
    LENGTHS.find((length) => seconds / length <= MOST_CHOSEN && length >= least) ??
    Math.ceil(seconds / longest / MOST_CHOSEN) * longest
  );
}

/** The period with a number from 0. */
export function periodAt({ since, until, length, first }: Periods, place: number): Period {
  const start = first + place * length;
  return { since: Math.max(since, start), until: Math.min(until, start + length) };
}

/** Whether no period begins within a minute. */
export function areOfMinutes({ length, first }: Periods): boolean {
  return length % 60 === 0 && first % 60 === 0;
}

/** The number of the period that contains a time of the summary. */
export function placeOf({ length, first, count }: Periods, time: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor((time - first) / length)));
}
