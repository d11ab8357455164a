import * as format from './format.ts';
import type { Mask } from './secrets.ts';
import { plural } from './words.ts';

/**
 * Texts of a document can be as long as the document, 64 MiB. Everything that is done to a text before it is shown
 * (masking, cleaning, measuring) takes time in proportion to its length, or worse, so long ones are cut first.
 */

/** UTF-16 units of a text that a cell of a table, a line of the header or a line of plain text shows at most. */
export const CELL_CHARACTERS = 1024;

/** The same of a value in the detail. */
export const VALUE_CHARACTERS = 16 * 1024;

/** The same of all variables, or all cores, of a detail. A real request has no more than 64 KiB of variables. */
export const SECTION_CHARACTERS = 512 * 1024;

/** Units behind the cut that the mask sees too. */
const AHEAD = 1024;

/**
 * Continues each kind of secret that a cut may have shortened: long enough for a credential, with the dot of a token
 * and the at sign behind a password in a URL.
 */
const CONTINUED = 'A.AAAAAAAAAAAAAAA1@';

/** A longer name is taken for that of a secret: what makes it one may be where it is cut. */
const LONGEST_NAME = 1024;
const NAME_OF_A_SECRET = 'secret';

const REMEMBERED = 500;

/**
 * A mask that cuts each text to its first `most` units, and says how long it was.
 *
 * What a text shows at its cut can depend on what follows: `http://user:pass` has a password when an at sign comes. So
 * the cut text is masked twice, as it is and with a continuation, and only what both have in common is shown.
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

/** Texts that are cut again with each frame, by what is seen of them. */
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

/** The beginning of a text, without holding all of it in memory, as a slice does in V8. */
function copyOf(text: string, length: number): string {
  // Not through the middle of a character.
  const last = text.charCodeAt(length - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
  return Buffer.from(text.slice(0, end), 'utf16le').toString('utf16le');
}

/** The beginning that two texts share. */
function common(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end += 1;
  return a.slice(0, end);
}

/** The texts of a list with blanks between them: as many as a cell shows, and how many there are where it shows fewer. */
export function joined<Each>(all: readonly Each[], textOf: (each: Each) => string): string {
  let text = '';
  for (const [place, each] of all.entries()) {
    if (text.length > CELL_CHARACTERS)
      return `${text} ... (${format.count(place)} of ${format.count(all.length)})`;
    text = text === '' ? textOf(each) : `${text} ${textOf(each)}`;
  }
  return text;
}

/** As many fields as a section of the detail shows; the last one says how many there are besides. */
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
