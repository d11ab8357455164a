import { InvalidArgumentError } from 'commander';
import type { LevelChanges } from '../insights/assess.ts';
import type { Moment } from '../recordings/moment.ts';
import { columns as parseColumns, sort as parseSort, view as parseView } from '../settings/columns.ts';
import { readSettings, settingPath } from '../settings/file.ts';
import type { Settings } from '../settings/settings.ts';
import * as values from '../settings/values.ts';
import type { Theme } from '../terminal/blessed/theme.ts';
import { createMask, type Mask, NO_MASK } from '../text/secrets.ts';
import type { CoreMode } from '../views/core-modes.ts';
import type { Sort } from '../views/order.ts';
import type { StreamFormat } from './stream-formats.ts';
import { UsageError } from './usage-error.ts';

/** The options that commander returns. */
export interface Options {
  interval?: number;
  /** Names of groups of targets. */
  group?: readonly string[];
  timeout: number;
  /** Time of a recording to show. */
  at?: Moment;
  /** Name of the first view. */
  view?: string;
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
  /** Path of a setting file; `false` for none. */
  config?: string | false;
  /** `false`: print only rows. */
  header?: boolean;
  json?: boolean;
  stream?: StreamFormat;
  line?: boolean;
  /** Number of readings of each server. */
  count?: number;
}

/** The options, with the setting file as the source of missing values. */
export interface Chosen extends Options {
  interval: number;
  cores: CoreMode;
  theme: Theme;
  /** Patterns of paths that are counted together. */
  paths?: readonly string[];
  settings: Settings;
  /** Path to which settings are written; `null` if they are not written. */
  settingPath: string | null;
}

/**
 * Combines the command line with the setting file. The command line takes precedence; `show`, `mask` and `long` contain
 * the values of both.
 *
 * @param live whether this is for the live view. Only then are the interval and the cores of the file used: choices in
 *   the live view must not change the output of a script.
 * @throws SettingFileError
 * @throws UsageError if `--config` is empty
 */
export async function chosen<Given extends Options>(options: Given, live: boolean): Promise<Given & Chosen> {
  const path = settingPathOf(options);
  const settings = path === null ? {} : await readSettings(path, options.config !== undefined);
  const { tracebacker = settings.tracebacker } = options;
  return {
    ...options,
    interval: options.interval ?? (live ? settings.interval : undefined) ?? 1,
    cores: options.cores ?? (live ? settings.cores : undefined) ?? 'off',
    theme: options.theme ?? settings.theme ?? 'dark',
    show: [...(settings.show ?? []), ...(options.show ?? [])],
    mask: [...(settings.mask ?? []), ...(options.mask ?? [])],
    long: [...(settings.long ?? []), ...(options.long ?? [])],
    ...(settings.paths === undefined ? {} : { paths: settings.paths }),
    ...(tracebacker === undefined ? {} : { tracebacker }),
    settings,
    settingPath: path,
  };
}

/**
 * Path of the setting file; `null` for none.
 *
 * @throws UsageError if `--config` is empty
 */
export function settingPathOf({ config }: Pick<Options, 'config'>): string | null {
  if (config === '') throw new UsageError('--config needs the name of a file');
  return config === false ? null : (config ?? settingPath(process.env));
}

/** Returns the mask that hides secrets of the documents. */
export function maskOf({ showSecrets, show, mask }: Pick<Options, 'showSecrets' | 'show' | 'mask'>): Mask {
  return showSecrets ? NO_MASK : createMask({ show, mask });
}

/** Adapts a parser to commander. */
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
export const sort = argument((text) => parseSort(text));
export const columns = argument((text) => parseColumns(text));
export const view = argument((text) => parseView(text));
export const cores = argument(values.cores);
export const names = argument(values.names);
export const readings = argument(values.wholeNumber(1, 1e9));
export const long = argument(values.pathPatterns);

/** Parses `RULE=WARNING` or `RULE=WARNING,CRITICAL`, and adds it to the levels of earlier options. */
export function level(text: string, before: LevelChanges = {}): LevelChanges {
  return { ...before, ...argument(values.level)(text) };
}

export function group(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}

/**
 * The targets of the chosen groups.
 *
 * @throws UsageError if the setting file has no such group, or the group is empty
 */
export function groupTargets({ group = [], settings }: Pick<Chosen, 'group' | 'settings'>): string[] {
  const { groups = {} } = settings;
  return group.flatMap((name) => {
    const targets = Object.hasOwn(groups, name) ? groups[name] : undefined;
    if (targets && targets.length > 0) return targets;
    if (targets) throw new UsageError(`the group '${name}' has no servers`);
    const names = Object.keys(groups).join(', ');
    throw new UsageError(
      names === ''
        ? `there is no group '${name}'. Add it to [groups] in the setting file, as in: ${name} = ["/run/app.stats"]`
        : `there is no group '${name}'. The groups are: ${names}`,
    );
  });
}

/** Returns a parser of the name of a file. */
export const file = (option: string) => (text: string) => {
  if (text === '') throw new InvalidArgumentError(`${option} needs the name of a file.`);
  return text;
};

const reading = values.number(0.1, 3600, ', or 0 to read once');

/** Seconds between two reads. 0 reads once, which only the one-shot outputs can do. */
export const interval = argument((text) => (Number(text) === 0 && text.trim() !== '' ? 0 : reading(text)));
