import { InvalidArgumentError } from 'commander';
import { isUtf8 } from '../terminal/terminfo.ts';
import { ASCII, UNICODE } from '../views/glyphs.ts';
import { UNTOUCHED, type ViewState } from '../views/live.ts';
import { createMask, type Mask, NO_MASK } from '../views/secrets.ts';
import type { Sort } from '../views/table.ts';
import { CORE_MODES, type CoreMode } from '../views/tables/worker-columns.ts';
import { VIEWS } from '../views/views.ts';

/** Options as commander hands them over. */
export interface Options {
  interval: number;
  /** uwsgitop's name of the interval. */
  frequency?: number;
  timeout: number;
  sort?: Sort;
  columns?: string[];
  filter?: string;
  cores: CoreMode;
  showSecrets?: boolean;
  mask?: string[];
  color: boolean;
  ascii?: boolean;
  once?: boolean;
  json?: boolean;
  raw?: boolean;
}

/** Characters beyond ASCII are shown where the locale has them and nobody objects. */
function isAscii({ ascii }: Pick<Options, 'ascii'>): boolean {
  return ascii === true || !isUtf8(process.env);
}

/** What of the documents may be shown. */
export function maskOf({ showSecrets, mask }: Pick<Options, 'showSecrets' | 'mask'>): Mask {
  return showSecrets ? NO_MASK : createMask(mask);
}

export function initialView(options: Options): ViewState {
  return {
    interval: options.interval,
    fast: false,
    frozenAt: null,
    cores: options.cores,
    tab: null,
    left: {},
    ...UNTOUCHED,
    sort: options.sort ?? null,
    columns: options.columns ?? null,
    filter: options.filter || null,
    prompt: null,
    detail: null,
    help: null,
    mask: maskOf(options),
    glyphs: isAscii(options) ? ASCII : UNICODE,
  };
}

/** A parser of numbers within limits. */
export function number(least: number, most: number, or = ''): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It takes a number from ${least} to ${most}${or}.`);
    }
    return value;
  };
}

/** Seconds between reads: 0 reads once, which only the one-shot outputs can do. */
export function interval(text: string): number {
  return Number(text) === 0 && text.trim() !== '' ? 0 : number(0.1, 3600, ', or 0 to read once')(text);
}

const ALL = Object.values(VIEWS).flatMap((views) => views.flatMap(({ columns }) => columns));
const NAMES = [...new Set(ALL.map(({ name }) => name))];

/** A column by its name or by its title, whatever the case. */
function columnName(text: string): string {
  const wanted = text.trim().toLowerCase();
  const column = ALL.find(
    ({ name, title }) => name.toLowerCase() === wanted || title.toLowerCase() === wanted,
  );
  if (!column)
    throw new InvalidArgumentError(`There is no column '${text}'. The columns are: ${NAMES.join(', ')}.`);
  return column.name;
}

/** `COLUMN`, `COLUMN:asc` or `COLUMN:desc`. */
export function sort(text: string): Sort {
  const [name = '', order, ...rest] = text.split(':');
  const column = columnName(name);
  if (rest.length > 0 || (order !== undefined && order !== 'asc' && order !== 'desc')) {
    throw new InvalidArgumentError('The order is asc or desc, as in rps:desc.');
  }
  const natural = ALL.find((each) => each.name === column)?.descending === true;
  return { column, descending: order === undefined ? natural : order === 'desc' };
}

export function columns(text: string): string[] {
  return [...new Set(text.split(',').map(columnName))];
}

/** Parts of names of secrets. */
export function mask(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It takes names, as in x-tenant,account_id.');
  return names;
}

export function cores(text: string): CoreMode {
  const mode = CORE_MODES.find((each) => each === text);
  if (!mode) throw new InvalidArgumentError(`It takes ${CORE_MODES.join(', ')}.`);
  return mode;
}
