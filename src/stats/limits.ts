import { type Fields, fields, list } from './fields.ts';

/**
 * Limits of a document, so that one server cannot use up the memory or the time of the others. 4096 workers with 8 cores
 * each, all in requests, have 115,000 objects and lists, 500,000 names and 1,500,000 values. A real server of 512 such
 * workers has an eighth of that.
 */
export const MOST_OBJECTS = 300_000;

/** Bytes that are not counted, which would take as long as parsing. `JSON.parse` takes at most 0.1 s and 80 MB for them. */
const NOT_COUNTED = 2_000_000;

/** V8 takes seconds for a million different names. */
const MOST_NAMES = 600_000;
const MOST_VALUES = 2_000_000;

/**
 * Limits of what becomes rows, each of which takes hundreds of bytes and is compared with the reading before: of one list
 * of the document, such as workers or vassals, and of all lists in their entries, such as cores, with the metrics.
 */
const MOST_ROWS = 32_768;
const MOST_PARTS = 100_000;

/** Returns which limit the bytes of a document exceed; `null` if none. */
export function excessIn(bytes: Uint8Array): string | null {
  if (bytes.length <= NOT_COUNTED) return null;
  // Clients of the server choose texts, so these must not count. Leaving them out takes longer than counting.
  return excess(bytes) && excess(withoutTexts(bytes));
}

/** Returns which limit the rows of a document exceed; `null` if none. */
export function excessOf(document: Fields): string | null {
  let parts = Object.keys(fields(document.metrics)).length;
  for (const rows of Object.values(document).map(list)) {
    if (rows.length > MOST_ROWS) return `a list of ${moreThan(MOST_ROWS, 'entries')}`;
    for (const row of rows) for (const inside of Object.values(fields(row))) parts += list(inside).length;
  }
  return parts > MOST_PARTS ? moreThan(MOST_PARTS, 'cores, apps and metrics') : null;
}

function moreThan(most: number, what: string): string {
  return `more than ${most.toLocaleString('en')} ${what}`;
}

/** Number of bytes to count at a time: V8 takes twice as long for one loop over all bytes. */
const PART = 65_536;

function excess(bytes: Uint8Array): string | null {
  const found = { objects: 0, names: 0, values: 0 };
  for (let at = 0; at < bytes.length; at += PART) addCount(bytes.subarray(at, at + PART), found);
  if (found.objects > MOST_OBJECTS) return moreThan(MOST_OBJECTS, 'objects and lists');
  if (found.names > MOST_NAMES) return moreThan(MOST_NAMES, 'names');
  return found.values > MOST_VALUES ? moreThan(MOST_VALUES, 'values') : null;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

function addCount(part: Uint8Array, found: { objects: number; names: number; values: number }): void {
  let objects = 0;
  let names = 0;
  let values = 0;
  for (let at = 0; at < part.length; at += 1) {
    const byte = part[at];
    if (byte === COMMA) values += 1;
    else if (byte === COLON) names += 1;
    else if (byte === BRACE || byte === BRACKET) objects += 1;
  }
  found.objects += objects;
  found.names += names;
  found.values += values;
}

/** The bytes of a document outside its texts. */
function withoutTexts(bytes: Uint8Array): Uint8Array {
  const outside = new Uint8Array(bytes.length);
  let length = 0;
  let isInText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) isInText = !isInText;
    else if (!isInText) outside[length++] = byte;
    else if (byte === BACKSLASH) at += 1;
  }
  return outside.subarray(0, length);
}
