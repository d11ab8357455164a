/** The text of an unknown value. This module formats numbers for cells, with their units. For sentences see `words`. */
export const UNKNOWN = '-';

type Known<Value> = (value: Value, columns?: number) => string;

/**
 * Returns a formatter that shows `null` as unknown. Given `columns`, it uses a shorter form that fits, if there is one.
 */
export function orUnknown<Value>(format: Known<Value>): (value: Value | null, columns?: number) => string {
  return (value, columns) => (value === null ? UNKNOWN : format(value, columns));
}

const THREE_DIGITS = /\B(?=(\d{3})+$)/g;
const THOUSANDS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const BYTES = ['B', 'K', 'M', 'G', 'T', 'P', 'E'];

/** Returns the first text that fits, or the last one if none fits. */
function shortest(columns: number, ...texts: (() => string)[]): string {
  const last = texts.length - 1;
  for (const [index, text] of texts.entries()) {
    const written = text();
    if (written.length <= columns || index === last) return written;
  }
  return '';
}

/** A count: `81,204`. In a narrow column `81204`, `81.2k` or `81k`. From ten million: `12.3M`. */
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

/** A number with all its digits if they fit: `26,612,224`. Otherwise formatted as a count. */
export const whole = orUnknown((value: number, columns = Number.POSITIVE_INFINITY) =>
  shortest(
    columns,
    () => String(value).replace(THREE_DIGITS, ','),
    () => String(value),
    () => count(value, columns),
  ),
);

/** A rate per second: `0.3`, `412.6`, `1,204`. */
export const rate = orUnknown((value: number, columns?: number) =>
  value < 999.95 ? value.toFixed(1) : count(Math.round(value), columns),
);

/** A ratio (1 is 100%) in percent, without the sign: `18.4`. */
export const percent = orUnknown((value: number) => (value * 100).toFixed(1));

/** A ratio (1 is 100%) as a percentage without decimals: `42%`, `240%`. In a narrow column `13k%`. */
export const wholePercent = orUnknown((value: number, columns?: number) => {
  const percent = Math.round(value * 100);
  return `${columns === undefined ? percent : count(percent, columns - 1)}%`;
});

/** A number of events per minute: `3/min`, `<1/min`. In a narrow column `1k/min`. */
export const perMinute = orUnknown((value: number, columns = Number.POSITIVE_INFINITY) => {
  if (value > 0 && value < 0.5) return '<1/min';
  const events = Math.round(value);
  const number = count(events, columns - '/min'.length);
  return shortest(
    columns,
    () => `${number}/min`,
    () => `${number}/m`,
  );
});

/** Bytes with units in steps of 1024: `512B`, `84.2M`. */
export const size = orUnknown((value: number) => scaled(value, 1024, BYTES));

/** Bytes that can be negative: `84.2M`, `-1.5M`. */
export const signedSize = orUnknown(
  (value: number) => `${value < 0 ? '-' : ''}${scaled(Math.abs(value), 1024, BYTES)}`,
);

/** Writes a number in the largest unit in which it is at least 1. Each unit is `step` times the previous one. */
export function scaled(value: number, step: number, units: readonly string[], digits = 1): string {
  let unit = 0;
  let scaledValue = value;
  // From `step - 0.5` a value would be rounded up to `step`: 999.5 to 1000.
  while (scaledValue >= step - 0.5 && unit < units.length - 1) {
    scaledValue /= step;
    unit += 1;
  }
  if (unit === 0) return `${Math.round(value)}${units[0]}`;
  return `${scaledValue.toFixed(scaledValue < 99.95 ? digits : 0)}${units[unit]}`;
}

/** A response time in seconds: `0.18ms`, `13.1ms`, `2.60s`, `41.2s`, `12m05s`. In a narrow column `0.2ms`, `13ms`. */
export const responseTime = orUnknown((seconds: number, columns = Number.POSITIVE_INFINITY) => {
  const ms = seconds * 1000;
  const digits = columns < 6 ? 1 : 0;
  if (ms < 9.995 - 0.045 * digits) return `${ms.toFixed(2 - digits)}ms`;
  if (ms < 99.95) return `${ms.toFixed(1 - digits)}ms`;
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (seconds < 9.995) return `${seconds.toFixed(2)}s`;
  return seconds < 99.95 ? `${seconds.toFixed(1)}s` : duration(seconds, columns);
});

/**
 * Formats a duration in seconds, with a precision of one second: `<1s`, `41s`, `12m05s`, `3h20m`, `12d04h`, `412d`. All
 * views, findings and messages use this format. With less than six `columns` it omits the smaller unit if necessary.
 */
export function duration(seconds: number, columns = Number.POSITIVE_INFINITY): string {
  const whole = Math.floor(seconds);
  if (whole < 1) return '<1s';
  if (whole < 60) return `${whole}s`;
  if (whole < 3600)
    return shortest(
      columns,
      () => `${Math.floor(whole / 60)}m${two(whole % 60)}s`,
      () => `${Math.floor(whole / 60)}m`,
    );
  if (whole < 86400)
    return shortest(
      columns,
      () => `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`,
      () => `${Math.floor(whole / 3600)}h`,
    );
  const days = Math.floor(whole / 86400);
  if (days >= 100 || columns < 6)
    return shortest(
      columns,
      () => `${days}d`,
      () => `${count(days, columns - 1)}d`,
    );
  return `${days}d${two(Math.floor((whole % 86400) / 3600))}h`;
}

/** An age in seconds, formatted as a duration. */
export const age = orUnknown(duration);

/** A sum of working times in seconds: `0.0s`, `412.6s`, `12m05s`. */
export const workTime = orUnknown((seconds: number, columns?: number) =>
  seconds < 999.95 ? `${seconds.toFixed(1)}s` : duration(seconds, columns),
);

/** The local time of day of a unix time: `08:16:50`. Unknown outside the range of `Date`. */
export const timeOfDay = orUnknown((unixSeconds: number) => {
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
});

/** A unix time relative to `now`: the time of day on the same local day, otherwise the day. */
export function timestamp(unixSeconds: number | null, now: number): string {
  if (unixSeconds === null) return UNKNOWN;
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime()) || sameDay(date, new Date(now * 1000))) return timeOfDay(unixSeconds);
  return day(unixSeconds);
}

/** The local day of a unix time: `2026-11-22`. Unknown outside the range of `Date`. */
export const day = orUnknown((unixSeconds: number) => {
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
});

/** The local day and time of a unix time: `2026-11-22 08:16:50`. Unknown outside the range of `Date`. */
export const dayAndTime = orUnknown((unixSeconds: number) =>
  day(unixSeconds) === UNKNOWN ? UNKNOWN : `${day(unixSeconds)} ${timeOfDay(unixSeconds)}`,
);

function sameDay(a: Date, b: Date): boolean {
  return a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear();
}

/** A number with at least two digits: `05`. */
export function two(number: number): string {
  return String(number).padStart(2, '0');
}

export const yesNo = orUnknown((value: boolean) => (value ? 'yes' : 'no'));

/** A part and the whole: `7/50`. Only the part if the whole is unknown. In a narrow column `12k/16k`. */
export function outOf(part: number | null, whole: number | null, columns = Number.POSITIVE_INFINITY): string {
  if (part === null) return UNKNOWN;
  if (whole === null)
    return shortest(
      columns,
      () => String(part),
      () => count(part, columns),
    );
  const half = Math.floor((columns - 1) / 2);
  return shortest(
    columns,
    () => `${part}/${whole}`,
    () => `${count(part, half)}/${count(whole, half)}`,
  );
}
