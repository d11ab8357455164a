/** Numbers as cells of a table show them, with their units. Unknown is `-`. For sentences see `words`. */
export const UNKNOWN = '-';

type Known<Value> = (value: Value, columns?: number) => string;

/** A formatter that shows `null` as unknown. Given `columns`, it writes a number shorter rather than longer than that. */
export function orUnknown<Value>(format: Known<Value>): (value: Value | null, columns?: number) => string {
  return (value, columns) => (value === null ? UNKNOWN : format(value, columns));
}

const THREE_DIGITS = /\B(?=(\d{3})+$)/g;
const THOUSANDS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const BYTES = ['B', 'K', 'M', 'G', 'T', 'P', 'E'];

/** The first of the texts that fits; the last one when none does. */
function shortest(columns: number, ...texts: (() => string)[]): string {
  const last = texts.length - 1;
  for (const [index, text] of texts.entries()) {
    const written = text();
    if (written.length <= columns || index === last) return written;
  }
  return '';
}

/** `81,204`; in less room `81204`, `81.2k`, `81k`; from ten million on `12.3M`. */
export const count = orUnknown((value: number, columns = Number.POSITIVE_INFINITY) => {
  if (value < 1000 && columns >= 3) return String(value);
  const short = [() => scaled(value, 1000, THOUSANDS), () => scaled(value, 1000, THOUSANDS, 0)];
  if (value >= 1e7) return shortest(columns, ...short);
  return shortest(
    columns,
    () => String(Math.round(value)).replace(THREE_DIGITS, ','),
    () => String(value),
    ...short,
  );
});

/** To its last digit where there is room: `26,612,224`; else as a count. */
export const whole = orUnknown((value: number, columns = Number.POSITIVE_INFINITY) =>
  shortest(
    columns,
    () => String(value).replace(THREE_DIGITS, ','),
    () => String(value),
    () => count(value, columns),
  ),
);

/** A change: `+2`, `0`. */
export const change = orUnknown((value: number) => (value > 0 ? `+${count(value)}` : String(value)));

/** Per second: `0.3`, `412.6`, `1,204`. */
export const rate = orUnknown((value: number, columns?: number) =>
  value < 999.95 ? value.toFixed(1) : count(Math.round(value), columns),
);

/** A share of 1 in percent: `18.4`. */
export const percent = orUnknown((value: number) => (value * 100).toFixed(1));

/** A share of 1 in percent, without more: `42%`, `240%`. */
export const wholePercent = orUnknown((value: number) => `${Math.round(value * 100)}%`);

/** Bytes, in steps of 1024: `512B`, `84.2M`. */
export const size = orUnknown((value: number) => scaled(value, 1024, BYTES));

/** Bytes that can be less than none: `84.2M`, `-1.5M`. */
export const signedSize = orUnknown(
  (value: number) => `${value < 0 ? '-' : ''}${scaled(Math.abs(value), 1024, BYTES)}`,
);

/** A number in the largest unit of which it has one or more; each unit has `step` of the one before. */
export function scaled(value: number, step: number, units: readonly string[], digits = 1): string {
  let unit = 0;
  let scaledValue = value;
  // 999.95 would be written 1000.0, and 999.5 without a digit 1000.
  while (scaledValue >= step - 0.5 && unit < units.length - 1) {
    scaledValue /= step;
    unit += 1;
  }
  if (unit === 0) return `${Math.round(value)}${units[0]}`;
  return `${scaledValue.toFixed(scaledValue < 99.95 ? digits : 0)}${units[unit]}`;
}

/** Seconds of a response: `0.18ms`, `13.1ms`, `2.60s`, `41.2s`, `12m05s`. */
export const responseTime = orUnknown((seconds: number, columns?: number) => {
  const ms = seconds * 1000;
  if (ms < 9.995) return `${ms.toFixed(2)}ms`;
  if (ms < 99.95) return `${ms.toFixed(1)}ms`;
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (seconds < 9.995) return `${seconds.toFixed(2)}s`;
  return seconds < 99.95 ? `${seconds.toFixed(1)}s` : duration(seconds, columns);
});

/**
 * Seconds of a time that is known in whole seconds: `<1s`, `41s`, `12m05s`, `3h20m`, `12d04h`, `412d`. All views, findings
 * and messages use this form. In less than six `columns` it leaves away the hours of days.
 */
export function duration(seconds: number, columns = Number.POSITIVE_INFINITY): string {
  const whole = Math.floor(seconds);
  if (whole < 1) return '<1s';
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
  const days = Math.floor(whole / 86400);
  if (days >= 100 || columns < 6) return `${days}d`;
  return `${days}d${two(Math.floor((whole % 86400) / 3600))}h`;
}

/** Seconds since something, as a duration. */
export const age = orUnknown(duration);

/** Seconds of work, summed: `0.0s`, `412.6s`, `12m05s`. */
export const workTime = orUnknown((seconds: number, columns?: number) =>
  seconds < 999.95 ? `${seconds.toFixed(1)}s` : duration(seconds, columns),
);

/** The local time of day of a unix time: `08:16:50`. Beyond what a calendar has, it is not known. */
export const timeOfDay = orUnknown((unixSeconds: number) => {
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
});

/** A unix time seen from another one: the time of day, or the day when it was not the same one. */
export function moment(unixSeconds: number | null, now: number): string {
  if (unixSeconds === null) return UNKNOWN;
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime()) || sameDay(date, new Date(now * 1000))) return timeOfDay(unixSeconds);
  return day(unixSeconds);
}

/** The local day of a unix time: `2026-11-22`. */
export const day = orUnknown((unixSeconds: number) => {
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
});

function sameDay(a: Date, b: Date): boolean {
  return a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear();
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** A flag. */
export const yesNo = orUnknown((value: boolean) => (value ? 'yes' : 'no'));

/** A part and the whole, `7/50`; the part alone where the whole is not known. */
export function outOf(part: number | null, whole: number | null): string {
  if (part === null) return UNKNOWN;
  return whole === null ? String(part) : `${part}/${whole}`;
}
