import { InvalidArgumentError } from 'commander';
import { type Moment, momentOf } from '../recordings/moment.ts';

/** Seconds between two readings of `statstop record`. */
export const RECORD_INTERVAL = 5;

const PERIODS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Parses a length of time such as `30s` or `7d` to seconds. */
export function period(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhdw])$/i.exec(text.trim()) ?? [];
  const seconds = Number(number) * (PERIODS[unit.toLowerCase()] ?? Number.NaN);
  if (!(seconds >= 1))
    throw new InvalidArgumentError('Expected a length of time such as 30s, 5m, 12h or 7d.');
  return seconds;
}

const SIZES: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Smallest limit of a recording in bytes. A smaller one could not keep a file of a large server. */
const LEAST = 2 ** 20;

/** Parses a size such as `500M` or `1G` to bytes. */
export function size(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT])(?:i?B)?$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (SIZES[unit.toUpperCase()] ?? Number.NaN);
  if (!(bytes >= LEAST)) throw new InvalidArgumentError('Expected a size from 1M on, such as 500M or 1G.');
  return bytes;
}

/** Parses a time of a recording. */
export function moment(text: string): Moment {
  const found = momentOf(text);
  if (!found) throw new InvalidArgumentError('Expected a time such as 08:10, 08:10:30 or 2026-11-22 08:10.');
  return found;
}
