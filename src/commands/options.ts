import { InvalidArgumentError } from 'commander';
import type { LevelChanges } from '../insights/assess.ts';
import { readSettings, settingPath } from '../settings/file.ts';
import type { Settings } from '../settings/settings.ts';
import * as values from '../settings/values.ts';
import { isUtf8 } from '../terminal/blessed/terminfo.ts';
import type { Theme } from '../terminal/blessed/theme.ts';
import { createMask, type Mask, NO_MASK } from '../text/secrets.ts';
import type { CoreMode } from '../views/core-modes.ts';
import { ASCII, UNICODE } from '../views/glyphs.ts';
import { createKeymap } from '../views/keymap.ts';
import { UNTOUCHED, type ViewState } from '../views/scene.ts';
import type { Sort } from '../views/table.ts';
import { THRESHOLDS } from '../views/thresholds.ts';
import { UsageError } from './usage-error.ts';

/** Options as commander hands them over. */
export interface Options {
  interval?: number;
  /** uwsgitop's name of the interval. */
  frequency?: number;
  timeout: number;
  sort?: Sort;
  columns?: string[];
  filter?: string;
  cores?: CoreMode;
  showSecrets?: boolean;
  show?: string[];
  mask?: string[];
  long?: readonly string[];
  theme?: Theme;
  tracebacker?: string;
  color: boolean;
  ascii?: boolean;
  /** A setting file; `false`: none. */
  config?: string | false;
  once?: boolean;
  /** `false`: rows only. */
  header?: boolean;
  json?: boolean;
  raw?: boolean;
}

/** Options, and what the setting file says where they say nothing. */
export interface Chosen extends Options {
  interval: number;
  cores: CoreMode;
  theme: Theme;
  settings: Settings;
  /** Where settings are written to; `null`: nowhere. */
  settingPath: string | null;
}

/**
 * What was chosen, on the command line or else in the setting file.
 *
 * @param live for the live view, which the interval and the cores of the file are for: what somebody chose there is not to
 *   change what a script prints
 * @throws SettingFileError
 */
export async function chosen<Given extends Options>(options: Given, live: boolean): Promise<Given & Chosen> {
  if (options.config === '') throw new UsageError('--config takes the name of a file');
  const path = options.config === false ? null : (options.config ?? settingPath(process.env));
  const settings = path === null ? {} : await readSettings(path, options.config !== undefined);
  const { tracebacker = settings.tracebacker } = options;
  return {
    ...options,
    interval: options.frequency ?? options.interval ?? (live ? settings.interval : undefined) ?? 1,
    cores: options.cores ?? (live ? settings.cores : undefined) ?? 'off',
    theme: options.theme ?? settings.theme ?? 'dark',
    show: [...(settings.show ?? []), ...(options.show ?? [])],
    mask: [...(settings.mask ?? []), ...(options.mask ?? [])],
    long: [...(settings.long ?? []), ...(options.long ?? [])],
    ...(tracebacker === undefined ? {} : { tracebacker }),
    settings,
    settingPath: path,
  };
}

/** Characters beyond ASCII are shown where the locale has them and nobody objects. */
function isAscii({ ascii }: Pick<Options, 'ascii'>): boolean {
  // The console of Linux has neither the blocks nor the dots of the curves.
  return ascii === true || !isUtf8(process.env) || process.env.TERM === 'linux';
}

/** What of the documents may be shown. */
export function maskOf({ showSecrets, show, mask }: Pick<Options, 'showSecrets' | 'show' | 'mask'>): Mask {
  return showSecrets ? NO_MASK : createMask({ show, mask });
}

export function initialView(options: Chosen): ViewState {
  const { views = {}, keys, thresholds } = options.settings;
  const left = Object.entries(views).map(([name, { columns = null, sort = null }]) => [
    name,
    { ...UNTOUCHED, columns, sort },
  ]);
  return {
    interval: options.interval,
    fast: false,
    frozenAt: null,
    cores: options.cores,
    chartRange: 'near',
    tab: null,
    otherTabs: Object.fromEntries(left),
    ...UNTOUCHED,
    sort: options.sort ?? null,
    columns: options.columns ?? null,
    filter: options.filter || null,
    prompt: null,
    question: null,
    detail: null,
    chooser: null,
    help: null,
    mask: maskOf(options),
    glyphs: isAscii(options) ? ASCII : UNICODE,
    keys: createKeymap(keys),
    thresholds: { ...THRESHOLDS, ...thresholds },
    levels: options.settings.findings ?? {},
    long: options.long ?? [],
  };
}

/** A value's parser as commander wants it. */
function argument<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw error instanceof values.ValueError ? new InvalidArgumentError(error.message) : error;
    }
  };
}

export const number = (least: number, most: number) => argument(values.number(least, most));
export const oneOf = <Word extends string>(all: readonly Word[]) => argument(values.oneOf(all));
export const sort = argument((text) => values.sort(text));
export const columns = argument((text) => values.columns(text));
export const cores = argument(values.cores);
export const names = argument(values.names);
export const long = argument(values.longPatterns);

/** `RULE=WARNING` or `RULE=WARNING,CRITICAL`, one more of them. */
export function level(text: string, before: LevelChanges = {}): LevelChanges {
  return { ...before, ...argument(values.level)(text) };
}

const reading = values.number(0.1, 3600, ', or 0 to read once');

/** Seconds between reads: 0 reads once, which only the one-shot outputs can do. */
export const interval = argument((text) => (Number(text) === 0 && text.trim() !== '' ? 0 : reading(text)));
