import type { Cron } from '../stats/snapshot.ts';

/** Seconds. */
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** A cron that runs less often than this is not followed to its next run. */
const MOST_DAYS = 400;

type Schedule = { [Field in 'minute' | 'hour' | 'day' | 'month' | 'week']: number };

/**
 * When a cron was due next after one of its runs, if that was before `until`. The times of the day are those of the
 * time zone here: a server in another one is told apart by its run, which then does not match its schedule.
 *
 * @param started unix seconds of the run
 * @param until unix seconds
 * @returns unix seconds; `null` when it was not due again, and when that is not known
 */
export function nextRun(cron: Cron, started: number, until: number): number | null {
  const schedule = scheduleOf(cron);
  // Local time as if it were UTC. A change of daylight saving time moves it by an hour, which is less than a day.
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
  // Times that no day has.
  if (minute >= 60 || hour >= 24) return null;
  // Both 0 and 7 are Sunday.
  return { minute, hour, day, month, week: week === 7 ? 0 : week };
}

function matchesTime({ hour, minute }: Schedule, at: number): boolean {
  return matches(hour, hourOf(at)) && matches(minute, minuteOf(at));
}

/** As `uwsgi_cron_task_needs_execution` does it (core/cron.c): a day of the month and one of the week are alternatives. */
function matchesDay({ day, month, week }: Schedule, at: number): boolean {
  const date = new Date(at * 1000);
  const isDay = matches(day, date.getUTCDate());
  const isWeekday = matches(week, date.getUTCDay());
  const isEither = day >= 0 && week >= 0;
  return matches(month, date.getUTCMonth() + 1) && (isEither ? isDay || isWeekday : isDay && isWeekday);
}

/** -1 is every value, -N each one that N divides. */
function matches(field: number, value: number): boolean {
  return field < 0 ? value % -field === 0 : field === value;
}

function hourOf(at: number): number {
  return Math.floor((at % DAY) / HOUR);
}

function minuteOf(at: number): number {
  return Math.floor((at % HOUR) / MINUTE);
}
