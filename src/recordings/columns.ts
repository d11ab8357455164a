/**
 * A tree of JSON values as columns. All values with the same path, such as `document.workers[].requests`, are one
 * column. Each is a difference to the value at the same place of the tree before. docs/recordings.md describes the bytes.
 */

import type { Fields } from '../stats/fields.ts';

/** A value of JSON. Numbers may also be NaN and infinite. */
export type Tree = unknown;

/** Kinds of values. The kind of an object or of a list of pairs is `SHAPE` plus the number of its shape. */
export const NULL = 0;
export const FALSE = 1;
export const TRUE = 2;
export const TEXT = 3;
export const LIST = 4;
/** The first kind of a number. Those from here to `LAST_SCALED` are integers divided by a power of ten. */
export const FIRST_SCALED = 5;
export const SCALES = [1, 1e2, 1e3, 1e6, 1e9] as const;
export const LAST_SCALED = FIRST_SCALED + SCALES.length - 1;
export const FLOAT = 10;
export const DOUBLE = 11;
export const SHAPE = 12;

/** Largest absolute value of an integer that is written as a difference. */
const MOST_INTEGER = 2 ** 50;

/** Limits of one recording block: they keep a hostile file, and a client that invents names, from filling the memory. */
export const MOST_SHAPES = 20_000;
export const MOST_COLUMNS = 20_000;
export const MOST_TEXTS = 20_000;
/** Maximum depth of a tree, and maximum number of its values. A document has fewer (`stats/limits`). */
export const MOST_DEPTH = 100;
export const MOST_VALUES = 10_000_000;

/** The fields of an object with more names than this are one column, like the items of a list: its names are data. */
export const MOST_FIELDS = 64;

/** The names of an object, or of a list of `NAME=value`, in order. */
export interface Shape {
  id: number;
  isPairs: boolean;
  names: readonly string[];
}

/** A list of `NAME=value`, such as the variables of a request. */
export interface Pairs {
  names: readonly string[];
  values: readonly string[];
  /** The values before they were masked; absent if they were not. */
  unmasked?: readonly string[];
}

const PAIRS = new WeakMap<readonly unknown[], Pairs>();

/** The field whose list contains `NAME=value`: the variables of a request. */
export const PAIRS_FIELD = 'vars';

/** The field whose object contains values that the user named: the attributes of a vassal. */
export const NAMED_FIELD = 'attrs';

/**
 * Returns the pairs of a list of `NAME=value`; `null` if an item is no text. An item without a name is a value whose name
 * is empty: uWSGI ends the variables of a request with an empty text.
 */
export function pairsOf(list: readonly unknown[]): Pairs | null {
  const known = PAIRS.get(list);
  if (known || list.length === 0) return known ?? null;
  const names: string[] = [];
  const values: string[] = [];
  for (const item of list) {
    if (typeof item !== 'string') return null;
    const equals = item.indexOf('=');
    names.push(equals < 1 ? '' : item.slice(0, equals));
    values.push(equals < 1 ? item : item.slice(equals + 1));
  }
  const pairs = { names, values };
  PAIRS.set(list, pairs);
  return pairs;
}

/** Returns the list of these pairs. */
export function listOf(pairs: Pairs): readonly string[] {
  const list = pairs.values.map((value, at) => {
    const name = pairs.names[at];
    return name === '' ? value : `${name}=${value}`;
  });
  PAIRS.set(list, pairs);
  return list;
}

/** The kind of a number. The kind before it is preferred, so that all values of a column have one scale. */
export function numberKind(value: number, before: number): number {
  if (Number.isInteger(value) && before === FIRST_SCALED && value !== 0 && Math.abs(value) <= MOST_INTEGER)
    return FIRST_SCALED;
  if (value === 0 && Object.is(value, -0)) return FLOAT;
  if (before >= FIRST_SCALED && before <= LAST_SCALED && scaled(value, before) !== null) return before;
  for (let kind = FIRST_SCALED; kind <= LAST_SCALED; kind += 1) if (scaled(value, kind) !== null) return kind;
  return Object.is(Math.fround(value), value) ? FLOAT : DOUBLE;
}

/** The integer of a number in a scale; `null` if that does not give the same number again. */
export function scaled(value: number, kind: number): number | null {
  const scale = SCALES[kind - FIRST_SCALED] ?? 1;
  const integer = Math.round(value * scale);
  return Math.abs(integer) <= MOST_INTEGER && integer / scale === value ? integer : null;
}

/** The integer that the integer of a column is compared with: that of the value before, or else the last one. */
export function baseOf(before: unknown, kind: number, last: number): number {
  if (typeof before !== 'number') return last;
  const integer = Math.round(before * (SCALES[kind - FIRST_SCALED] ?? 1));
  return Math.abs(integer) <= MOST_INTEGER ? integer : 0;
}

/**
 * Returns a value of the tree before: that of a field of an object, or of a place in a list of pairs. `undefined` if the
 * tree before has no such value. The name of an inherited property gives the value of the prototype. That does no harm,
 * because the writer and the reader get the same value.
 */
export function fieldBefore(before: unknown, shape: Shape, place: number): unknown {
  const name = shape.names[place] ?? '';
  if (!shape.isPairs) return typeof before === 'object' ? (before as Fields | null)?.[name] : undefined;
  const pairs = Array.isArray(before) ? pairsOf(before) : null;
  return pairs?.values[pairs.names[place] === name ? place : pairs.names.indexOf(name)];
}

/** Sets a field as `JSON.parse` does: `__proto__` is a name like any other. */
export function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
