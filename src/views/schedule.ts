import type { Cron } from '../stats/snapshot.ts';
import { two } from '../text/format.ts';

type When = Pick<Cron, 'minute' | 'hour' | 'day' | 'month' | 'week'>;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The schedule of a cron in words: `every 5 min`, `hourly at :15`, `daily at 03:30`, `Mon at 02:00`, `1 Jan at 00:00`.
 * `null` if a field is unknown. A field of -1 means "every", and a lower value -N means "every N" (core/cron.c).
 */
export function schedule({ minute, hour, day, month, week }: When): string | null {
  if (minute === null || hour === null || day === null || month === null || week === null) return null;
  const date = dateOf(day, month, week);
  const time = timeOf(minute, hour);
  if (date === '') return hour >= 0 && minute >= 0 ? `daily ${time}` : time;
  return `${date} ${time}`;
}

function timeOf(minute: number, hour: number): string {
  if (minute >= 0 && hour >= 0) return `at ${two(hour)}:${two(minute)}`;
  const minutes = minute === -1 ? 'every min' : minute < -1 ? `every ${-minute} min` : `at :${two(minute)}`;
  if (hour === -1) return minute >= 0 ? `hourly ${minutes}` : minutes;
  return hour < -1 ? `${minutes} every ${-hour} h` : `${minutes} from ${two(hour)}:00 to ${two(hour)}:59`;
}

function dateOf(day: number, month: number, week: number): string {
  const parts = [];
  // Both 0 and 7 mean Sunday.
  if (week >= 0) parts.push(DAYS[week % 7] ?? String(week));
  else if (week < -1) parts.push(`every ${-week} weekdays`);
  if (day >= 0) parts.push(month >= 0 ? `${day} ${MONTHS[month - 1] ?? month}` : `on day ${day}`);
  else if (day < -1) parts.push(`every ${-day} days`);
  if (day < 0 && month >= 0) parts.push(`in ${MONTHS[month - 1] ?? month}`);
  if (month < -1) parts.push(`every ${-month} months`);
  return parts.join(' ');
}
