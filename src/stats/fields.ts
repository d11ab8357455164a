/**
 * Readers of single values. A document is untrusted: any field can be missing or have any type. A value that is not as
 * expected is unknown (`null`), never a guess.
 */

/** An object of a document. */
export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};

/** Returns the value as an object; an empty object if it has another type. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NO_FIELDS;
}

/** Returns the value as a list; an empty list if it has another type. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/*
 * uWSGI writes only integers. Above 2^53, JavaScript cannot represent every integer: the value can differ from the one
 * that was sent, and differences would be wrong. No real counter gets so large. Negative numbers do, because uWSGI
 * casts them to unsigned 64-bit integers (`%llu`). All these values are unknown.
 */

/** A count, a size or an identifier, which is not negative. */
export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A count for which 0 means "none" or "not measured". */
export function positive(value: unknown): number | null {
  return count(value) || null;
}

/** An integer that may be negative. */
export function integer(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** Converts microseconds to seconds. */
export function microseconds(value: unknown): number | null {
  const us = count(value);
  return us === null ? null : us / 1e6;
}

/** Converts a number to a boolean: 0 is false. */
export function flag(value: unknown): boolean | null {
  const number = count(value);
  return number === null ? null : number !== 0;
}

/** A string; `null` if the value has another type. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A string for which '' means "none". */
export function name(value: unknown): string | null {
  return text(value) || null;
}
