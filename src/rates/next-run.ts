import type { Cron } from '../stats/snapshot.ts';

/** Seconds. */
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Days to search for the next run. The next run of a cron that is due less often is unknown. */
const MOST_DAYS = 400;

type Schedule = { [Field in 'minute' | 'hour' | 'day' | 'month' | 'week']: number };

/**
 * When a cron was next due after one of its runs, if that was before `until`. The schedule is read in the local time
 * zone of this program. If the run does not match the schedule, the server is in another time zone and the result is
 * `null`.
 *
 * @param started start of the run, in Unix seconds
 * @param until Unix seconds
 * @returns Unix seconds; `null` if the cron was not due again, or this is unknown
 */
export function nextRun(cron: Cron, started: number, until: number): number | null {
  const schedule = scheduleOf(cron);
  // Adding the offset gives local time as if it were UTC. A change of daylight saving time after the run makes the
  // result wrong by one hour.
  const offset = -new Date(started * 1000).getTimezoneOffset() * MINUTE;
  const first = Math.floor((started + offset) / MINUTE) * MINUTE;
  if (
    schedule === null ||
    Number.isNaN(first) ||
    !matchesDay(schedule, first) ||
    !matchesTime(schedule, first)
  )
    return null;
  const end = Math.min(until + offset, first + MOST_DAYS * DAY);
  let at = first + MINUTE;
  while (at <= end) {
    if (!matchesDay(schedule, at)) at = (Math.floor(at / DAY) + 1) * DAY;
    else if (!matches(schedule.hour, hourOf(at))) at = (Math.floor(at / HOUR) + 1) * HOUR;
    else if (!matches(schedule.minute, minuteOf(at))) at += MINUTE;
    else {
      // uWSGI starts a cron at any second of its minute, and again after 60 seconds at the earliest (core/cron.c).
      const due = Math.max(at - offset, started + MINUTE);
      return due <= until ? due : null;
    }
  }
  return null;
}

function scheduleOf({ minute, hour, day, month, week }: Cron): Schedule | null {
  if (minute === null || hour === null || day === null || month === null || week === null) return null;
  // No day has this time.
  if (minute >= 60 || hour >= 24) return null;
  // Both 0 and 7 mean Sunday.
  return { minute, hour, day, month, week: week === 7 ? 0 : week };
}

function matchesTime({ hour, minute }: Schedule, at: number): boolean {
  return matches(hour, hourOf(at)) && matches(minute, minuteOf(at));
}

/**
 * Like `uwsgi_cron_task_needs_execution` (core/cron.c): if both the day of the month and the day of the week are set,
 * one of the two must match.
 */
function matchesDay({ day, month, week }: Schedule, at: number): boolean {
  const date = new Date(at * 1000);
  const isDay = matches(day, date.getUTCDate());
  const isWeekday = matches(week, date.getUTCDay());
  const isEither = day >= 0 && week >= 0;
  return matches(month, date.getUTCMonth() + 1) && (isEither ? isDay || isWeekday : isDay && isWeekday);
}

/** Whether a field of the schedule matches. -1 matches every value, and -N every multiple of N. */
function matches(field: number, value: number): boolean {
  return field < 0 ? value % -field === 0 : field === value;
}

function hourOf(at: number): number {
  return Math.floor((at % DAY) / HOUR);
}

function minuteOf(at: number): number {
  return Math.floor((at % HOUR) / MINUTE);
}
