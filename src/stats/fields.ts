/**
 * Readers of single values. A document is untrusted: any field can be missing or of any type, and what is not
 * what it should be is unknown (`null`), never a guess.
 */

/** An object of the document. */
export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};

/** The value as an object; an empty one when it is something else. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NO_FIELDS;
}

/** The value as a list; an empty one when it is something else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/*
 * uWSGI writes integers only. Beyond 2^53 JavaScript has no longer every one of them: what was read may be another one
 * than was sent, and differences would be wrong. No real counter comes there, but negative numbers do, which uWSGI
 * casts to unsigned ones of 64 bits (`%llu`). All these are unknown.
 */

/** A count, a size, an identifier: not negative. */
export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A count of which 0 means "none" or "not measured". */
export function positive(value: unknown): number | null {
  return count(value) || null;
}

/** A number that may be negative. */
export function integer(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** Microseconds as seconds. */
export function microseconds(value: unknown): number | null {
  const us = count(value);
  return us === null ? null : us / 1e6;
}

/** 0 and 1 as they stand for no and yes. */
export function flag(value: unknown): boolean | null {
  const number = count(value);
  return number === null ? null : number !== 0;
}

/** A string; `null` when it is something else. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A string of which '' means "none". */
export function name(value: unknown): string | null {
  return text(value) || null;
}
