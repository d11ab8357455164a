import type { LevelChanges } from '../insights/assess.ts';
import { LEVELED } from '../insights/rules.ts';
import { THEMES, type Theme } from '../terminal/blessed/theme.ts';
import { BINDINGS } from '../views/bindings.ts';
import type { CoreMode } from '../views/core-modes.ts';
import { ALWAYS_QUITS, type KeyChanges } from '../views/keymap.ts';
import type { Sort } from '../views/order.ts';
import { THRESHOLDS, type Thresholds } from '../views/thresholds.ts';
import { VIEWS } from '../views/views.ts';
import { columns, sort } from './columns.ts';
import * as values from './values.ts';
import { ValueError } from './values.ts';

/** The settings of a file. A setting that is not in the file is absent. */
export interface Settings {
  /** Seconds between two reads. */
  interval?: number;
  cores?: CoreMode;
  /** Whether requests are shown below the workers. */
  split?: 'on' | 'off';
  theme?: Theme;
  /** PREFIX of uWSGI's `py-tracebacker`. */
  tracebacker?: string;
  /** Names of variables, parameters and options whose values are shown. */
  show?: readonly string[];
  /** More parts of names whose values are secret. */
  mask?: readonly string[];
  /** Paths of requests that are intentionally long. */
  long?: readonly string[];
  /** Patterns of paths that are counted together. */
  paths?: readonly string[];
  thresholds?: Partial<Thresholds>;
  /** By rule name. */
  findings?: LevelChanges;
  /** By view name. */
  views?: Readonly<Record<string, ViewSettings>>;
  /** By binding name. */
  keys?: KeyChanges;
  /** Targets by the name of their group. */
  groups?: Readonly<Record<string, readonly string[]>>;
}

export interface ViewSettings {
  columns?: readonly string[];
  sort?: Sort;
}

/** An invalid setting. `path` is its position in the file, as keys. */
export class SettingError extends Error {
  override name = 'SettingError';
  readonly path: readonly string[];

  constructor(path: readonly string[], message: string) {
    super(message);
    this.path = path;
  }
}

/** A parsed file or a table in it: values and tables by key. */
export type Table = Readonly<Record<string, unknown>>;

/** The keys that a table may have, each with the parser of its value. */
type Shape = Readonly<Record<string, (value: unknown, path: readonly string[]) => unknown>>;

/** Returns the settings of a parsed file. @throws SettingError */
export function settingsOf(file: Table): Settings {
  return read(file, [], FILE);
}

/** Names of the thresholds in the file. */
const THRESHOLD_NAMES: Readonly<Record<keyof Thresholds, string>> = {
  longRequest: 'long-request',
  tooLongRequest: 'too-long-request',
};

const ALL_VIEWS = Object.values(VIEWS).flat();

const FILE: Shape = {
  interval: scalar(values.number(0.1, 3600)),
  cores: scalar(values.cores),
  split: scalar(values.oneOf(['on', 'off'])),
  theme: scalar(values.oneOf(THEMES)),
  tracebacker: text,
  show: each(values.name),
  mask: each(values.name),
  long: each(values.pathPattern),
  paths: each(values.pathPattern),
  thresholds: (value, path) => {
    const names = Object.entries(THRESHOLD_NAMES);
    const shape = Object.fromEntries(names.map(([, name]) => [name, scalar(values.number(0, 1e9))]));
    const given = read(tableOf(value, path), path, shape);
    const all = Object.fromEntries(names.flatMap(([to, from]) => (from in given ? [[to, given[from]]] : [])));
    const { longRequest, tooLongRequest } = { ...THRESHOLDS, ...all };
    if (longRequest > tooLongRequest)
      throw new SettingError(
        path,
        `long-request (${longRequest}) must not be greater than too-long-request (${tooLongRequest}).`,
      );
    return all;
  },
  findings: (value, path) => read(tableOf(value, path), path, RULE_SHAPES),
  views: (value, path) => read(tableOf(value, path), path, VIEW_SHAPES),
  keys: (value, path) => distinct(read(tableOf(value, path), path, KEY_SHAPE), path),
  groups: (value, path) => {
    const groups = tableOf(value, path);
    const shape = Object.fromEntries(Object.keys(groups).map((name) => [name, each(text)]));
    return read(groups, path, shape);
  },
};

/** Names of all settings on the top level of a file. */
export const SETTINGS: readonly string[] = Object.keys(FILE);

const VIEW_SHAPES: Shape = Object.fromEntries(
  ALL_VIEWS.filter((view) => view.columns.length > 0).map((view) => [
    view.name,
    (value: unknown, path: readonly string[]) =>
      read(tableOf(value, path), path, {
        columns: list((names) => columns(names, view.columns)),
        sort: scalar((order) => sort(order, view.columns)),
      }),
  ]),
);

const level = scalar(values.number(0, 1e15));

const RULE_SHAPES: Shape = Object.fromEntries(
  LEVELED.map(({ name }) => [
    name,
    (value: unknown, path: readonly string[]) =>
      values.ordered(read(tableOf(value, path), path, { warning: level, critical: level })),
  ]),
);

const KEY_SHAPE: Shape = Object.fromEntries(BINDINGS.map(({ name }) => [name, each(keyName)]));

/**
 * Parses all values of a table.
 *
 * @param shape the keys that the table may have
 * @throws SettingError
 */
function read(table: Table, path: readonly string[], shape: Shape): Table {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => {
      const here = [...path, key];
      const parse = Object.hasOwn(shape, key) ? shape[key] : undefined;
      if (!parse)
        throw new SettingError(
          here,
          `Unknown setting. The settings here are: ${Object.keys(shape).join(', ')}.`,
        );
      try {
        return [key, parse(value, here)];
      } catch (error) {
        throw error instanceof ValueError ? new SettingError(here, error.message) : error;
      }
    }),
  );
}

function tableOf(value: unknown, path: readonly string[]): Table {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SettingError(path, 'Expected a table of settings.');
  return value as Table;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new ValueError('Expected a text.');
  if (value === '') throw new ValueError('Expected a text that is not empty.');
  return value;
}

/** Accepts a number or a word, like a command line option. The error for `true` or `false` is that of a wrong word. */
function scalar<Value>(parse: (text: string) => Value): (value: unknown) => Value {
  return (value) => {
    if (typeof value === 'object') throw new ValueError('Expected one value, not a list or a table.');
    return parse(String(value));
  };
}

/** Accepts a list of words, or one text with commas between the words. */
function list<Value>(parse: (text: string) => Value): (value: unknown) => Value {
  return (value) => parse(Array.isArray(value) ? value.map(text).join(',') : text(value));
}

/** Accepts one word or a list of words. The list can be empty. */
function each<Value>(parse: (text: string) => Value): (value: unknown) => Value[] {
  return (value) => (Array.isArray(value) ? value : [value]).map((word) => parse(text(word)));
}

const NAMED_KEYS =
  'space|enter|escape|tab|backspace|delete|insert|home|end|pageup|pagedown|up|down|left|right|f[1-9]|f1[0-2]';
const KEY = new RegExp(`^(?:[!-~]|C-[a-gj-ln-z]|M-[a-z]|(?:S-)?(?:${NAMED_KEYS}))$`);

function keyName(key: string): string {
  if (!KEY.test(key))
    throw new ValueError(
      `'${key}' is not a key. Expected a character, C-x, f5, space or pageup, or a list of keys.`,
    );
  return key;
}

/**
 * Rejects a key with two meanings in the same place. `ALWAYS_QUITS` stays a key of `quit`, so the user can always
 * leave.
 */
function distinct(keys: Table, path: readonly string[]): Table {
  const owners = new Map<string, string>();
  for (const { name, where = 'anywhere' } of BINDINGS) {
    for (const key of (keys[name] as string[] | undefined) ?? []) {
      const place = `${where} ${key}`;
      const owner = key === ALWAYS_QUITS ? 'quit' : owners.get(place);
      if (owner !== undefined && owner !== name)
        throw new SettingError([...path, name], `${key} is already the key of ${owner}.`);
      owners.set(place, name);
    }
  }
  return keys;
}
