import type { FleetSample } from '../monitor/observation.ts';
import { clean } from '../text/clean.ts';
import { CSV_COLUMNS } from './csv-columns.ts';
import type { Exporter } from './exporter.ts';
import type { StreamOptions } from './streamed.ts';

/** The first line: the names of the columns. */
export const CSV_HEADING = `${CSV_COLUMNS.map(({ name }) => name).join(',')}\n`;

/**
 * One row for each server, in the format of RFC 4180. Rows end with a line feed, as for other Unix programs, and not with
 * a carriage return and a line feed. An unknown value is an empty field.
 */
export const CSV: Exporter<StreamOptions, FleetSample> = {
  name: '--stream csv',
  of: 'fleet',
  write: ({ sample: { members, time } }, options) =>
    members
      .map((member) => CSV_COLUMNS.map(({ value }) => field(value(member, time, options))).join(','))
      .map((row) => `${row}\n`)
      .join(''),
};

function field(value: string | number | null): string {
  if (value === null) return '';
  return typeof value === 'number' ? decimal(value) : quoted(harmless(clean(value)));
}

/** Microseconds, and more digits than a rate has. */
const DIGITS = 6;

/** A number without an exponent or trailing zeros: `0.0142`. */
function decimal(value: number): string {
  return Number.isInteger(value)
    ? String(value)
    : value
        .toFixed(DIGITS)
        .replace(/\.?0+$/, '')
        .replace(/^-0$/, '0');
}

/**
 * Spreadsheets run a text that begins with one of these signs, also in their wide forms, as a formula. A client of the
 * server can choose such a text.
 */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
