import type { RequestInFlight } from '../rates/requests.ts';

/** Seconds as a person says them: `12s`, `3m20s`, `2h05m`. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}

/** Bytes: `2.1 MiB`. */
export function bytes(value: number): string {
  return value < 2 ** 20 ? `${Math.round(value / 1024)} KiB` : `${(value / 2 ** 20).toFixed(1)} MiB`;
}

/** `1 request`, `3 requests`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** Where it runs, and what it is. */
export function whatOf({ worker, core, method, uri }: RequestInFlight): string {
  // A blank in the URI would end it for the reader, and for the mask of secrets.
  const what =
    [method, uri?.replace(/\s/g, '%20') ?? null].filter((word) => word !== null).join(' ') || 'a request';
  return `${worker}:${core}: ${what}`;
}
