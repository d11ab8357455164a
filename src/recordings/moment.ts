import { dayAndTime } from '../text/format.ts';

type Day = readonly [year: number, month: number, day: number];

/** A time that a user typed, such as `08:10` or `2026-11-22 08:10:30`. */
export interface Moment {
  /** `null` for the last day on which the recording has that time. */
  date: Day | null;
  hours: number;
  minutes: number;
  seconds: number;
  isUtc: boolean;
}

const MOMENT = /^(?:(\d{4})-(\d\d)-(\d\d)[T ])?(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d{1,3})?))?(Z)?$/;

/** Reads a time: `08:10`, `08:10:30`, `2026-11-22 08:10`, `2026-11-22T08:10:30Z`. `null` for another text. */
export function momentOf(text: string): Moment | null {
  const found = MOMENT.exec(text.trim());
  if (!found) return null;
  const [, year, month, day, hours, minutes, seconds = 0, utc] = found;
  const date = year === undefined ? null : ([Number(year), Number(month), Number(day)] as const);
  const moment = {
    date,
    hours: Number(hours),
    minutes: Number(minutes),
    seconds: Number(seconds),
    isUtc: utc !== undefined,
  };
  const isTime = moment.hours < 24 && moment.minutes < 60 && moment.seconds < 60;
  return isTime && (date === null || isDay(date)) ? moment : null;
}

/**
 * Returns the Unix seconds of a moment.
 *
 * A time without a date is the last one in the period. If the period does not contain it, it is the nearest one: with
 * `16:30` for a period that ended at 16:11, users mean its end.
 *
 * @param period in Unix seconds, usually that of a recording
 */
export function timeOf(moment: Moment, { start, end }: { start: number; end: number }): number {
  if (moment.date !== null) return unixSeconds(moment, moment.date);
  const last = new Date(end * 1000);
  const [year, month, day]: Day = moment.isUtc
    ? [last.getUTCFullYear(), last.getUTCMonth() + 1, last.getUTCDate()]
    : [last.getFullYear(), last.getMonth() + 1, last.getDate()];
  const times = [1, 0, -1].map((days) => unixSeconds(moment, [year, month, day + days]));
  const distance = (time: number) => Math.max(start - time, time - end, 0);
  return times.reduce((best, time) => (distance(time) < distance(best) ? time : best));
}

/** Seconds for which a time may be outside the period: a time without seconds includes the whole minute. */
const MOST_OUTSIDE = 60;

/** Returns `timeOf`, moved into the period if it is less than a minute outside; `null` if it is farther away. */
export function timeWithin(moment: Moment, { start, end }: { start: number; end: number }): number | null {
  const time = timeOf(moment, { start, end });
  if (time < start - MOST_OUTSIDE || time > end + MOST_OUTSIDE) return null;
  return Math.max(start, Math.min(end, time));
}

/** Describes the period of a timeline: `the recording begins at ... and ends at ...`. */
export function limitsText(name: string, { start, end }: { start: number; end: number }): string {
  return `${name} begins at ${dayAndTime(start)} and ends at ${dayAndTime(end)}`;
}

function unixSeconds({ hours, minutes, seconds, isUtc }: Moment, [year, month, day]: Day): number {
  const whole = Math.floor(seconds);
  const parts = [year, month - 1, day, hours, minutes, whole] as const;
  const milliseconds = isUtc ? Date.UTC(...parts) : new Date(...parts).getTime();
  return milliseconds / 1000 + (seconds - whole);
}

function isDay([year, month, day]: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
