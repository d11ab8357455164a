import * as format from './format.ts';
import type { Mask } from './secrets.ts';
import { plural } from './words.ts';

/**
 * Limits for untrusted text. A text can be as long as its document (64 MiB). Masking, cleaning and measuring take time
 * in proportion to the length of a text, or more. This module therefore cuts long texts first.
 */

/** Maximum UTF-16 units of a text in a table cell, a line of the header or a line of plain text. */
export const CELL_CHARACTERS = 1024;

/** Maximum UTF-16 units of a value in the detail. */
export const VALUE_CHARACTERS = 16 * 1024;

/** Maximum UTF-16 units of all fields of a section of the detail. A real request has at most 64 KiB of variables. */
const SECTION_CHARACTERS = 512 * 1024;

/** Number of UTF-16 units after the cut that the mask also processes. */
const AHEAD = 1024;

/**
 * Completes any kind of secret that a cut may have shortened. It is long enough for a credential and contains the dot
 * of a token and the at sign that follows a password in a URL.
 */
const CONTINUED = 'A.AAAAAAAAAAAAAAA1@';

/** A longer name counts as the name of a secret, because the cut may remove the part that identifies it. */
const LONGEST_NAME = 1024;
const NAME_OF_A_SECRET = 'secret';

const REMEMBERED = 500;

/**
 * Returns a mask that cuts each text to its first `most` UTF-16 units and appends the original length.
 *
 * Whether the end of a cut text is a secret can depend on the text that follows: `http://user:pass` contains a password
 * if an at sign follows. So the cut text is masked twice, alone and with a continuation, and only the common beginning
 * of both results is shown.
 */
export function boundedMask(mask: Mask, most: number): Mask {
  const known = BOUNDED.get(mask) ?? new Map<number, Mask>();
  BOUNDED.set(mask, known);
  const found = known.get(most) ?? newBoundedMask(mask, most);
  known.set(most, found);
  return found;
}

const BOUNDED = new WeakMap<Mask, Map<number, Mask>>();

function newBoundedMask(mask: Mask, most: number): Mask {
  const cut = (text: string, masked: Mask['text']) => {
    const short = copyOf(text, most);
    const longer = copyOf(text, most + AHEAD) + CONTINUED;
    return `${common(masked(short), masked(longer))}... (${plural(text.length, 'character')})`;
  };
  const texts = remembered((text) => cut(text, mask.text), most);
  const text = (whole: string) => (whole.length <= most ? mask.text(whole) : texts(whole));
  return {
    text,
    variable(name, value) {
      const ofSecret = name.length > LONGEST_NAME ? NAME_OF_A_SECRET : name;
      if (value.length <= most) return mask.variable(ofSecret, value);
      return cut(value, (part) => mask.variable(ofSecret, part));
    },
    source: (line) => (line.length <= most ? mask.source(line) : cut(line, mask.source)),
  };
}

/** Memoizes cut texts, which each frame masks again. The key is the length and the part that the mask processes. */
function remembered(show: (text: string) => string, most: number): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const key = `${text.length} ${copyOf(text, most + AHEAD)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const shown = show(text);
    if (most > CELL_CHARACTERS) return shown;
    if (known.size >= REMEMBERED) known.clear();
    known.set(key, shown);
    return shown;
  };
}

/** Copies the beginning of a text. In V8 a slice would keep the whole text in memory. */
export function copyOf(text: string, length: number): string {
  // Do not split a surrogate pair.
  const last = text.charCodeAt(length - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
  return Buffer.from(text.slice(0, end), 'utf16le').toString('utf16le');
}

/** Returns the common beginning of two texts. */
function common(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end += 1;
  return a.slice(0, end);
}

/**
 * Joins texts with blanks until `CELL_CHARACTERS` is exceeded. Appends the number of joined texts and the total if cut.
 */
export function joined<Each>(all: readonly Each[], textOf: (each: Each) => string): string {
  let text = '';
  for (const [place, each] of all.entries()) {
    if (text.length > CELL_CHARACTERS)
      return `${text} ... (${format.count(place)} of ${format.count(all.length)})`;
    text = text === '' ? textOf(each) : `${text} ${textOf(each)}`;
  }
  return text;
}

/** Returns the fields of a section up to `SECTION_CHARACTERS`. A last field contains the number of omitted fields. */
export function bounded<Each, Field extends { name: string; value: string }>(
  all: readonly Each[],
  fieldOf: (each: Each) => Field,
): (Field | { name: string; value: string })[] {
  const fields: (Field | { name: string; value: string })[] = [];
  let length = 0;
  for (const each of all) {
    if (length > SECTION_CHARACTERS) {
      return [...fields, { name: 'not shown', value: `${format.count(all.length - fields.length)} more` }];
    }
    const field = fieldOf(each);
    length += field.name.length + field.value.length;
    fields.push(field);
  }
  return fields;
}
