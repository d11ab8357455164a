import { eastAsianWidth } from 'get-east-asian-width';
import { rare } from './rare.ts';
import { unsafe } from './unsafe.ts';

/**
 * Makes untrusted text safe for a terminal, and measures text. Every string that a view shows passes through `clean`,
 * usually by a call of `toWidth`. JSON output has its own escapes (`outputs/json`).
 */

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Whether a text is printable ASCII. */
export function isAscii(text: string): boolean {
  return PRINTABLE_ASCII.test(text);
}

/**
 * Printable ASCII and the characters that views draw with: lines, blocks and signs (`views/glyphs`). Each takes one cell
 * and is safe to show, so that most texts need no cleaning and no measuring.
 */
const SIMPLE = /^[\x20-\x7e\u2500-\u25a1«»·…▲▼✓✗]*$/;

/** Whether all characters take one cell each and are safe to show. False for some texts for which this is true. */
function isSimple(text: string): boolean {
  return SIMPLE.test(text);
}

/** Characters without their own width: marks, and the vowels and final consonants of decomposed Hangul. */
const MARK = '[\\p{Mn}\\p{Me}\\u1160-\\u11ff\\ud7b0-\\ud7ff]';

/** Marks at the start of a text, without a base character, and marks after the first two on one base. */
const strayMarks = rare(`(^|${MARK}{2})(${MARK}+)`, 'gu');
const oneMark = rare(MARK, 'gu');
const isMark = rare(`^${MARK}$`);

/** Replaces characters that are unsafe on a terminal with escapes: `\x1b` for ESC, `\xff` for an invalid byte. */
export function clean(text: string): string {
  if (isSimple(text)) return text;
  return text
    .replace(unsafe(), visible)
    .replace(strayMarks(), (_, before: string, marks: string) => before + marks.replace(oneMark(), visible));
}

/** Cleans text, but keeps newlines and tabs. */
export function cleanLines(text: string): string {
  return text.replace(/[^\n\t]+/g, clean);
}

const NAMED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function visible(char: string): string {
  const named = NAMED[char];
  if (named) return named;
  const point = char.codePointAt(0) ?? 0;
  // The decoder maps bytes that are not UTF-8 to U+DC80..U+DCFF (see stats/bytes).
  if (point >= 0xdc80 && point <= 0xdcff) return `\\x${hex(point - 0xdc00, 2)}`;
  return point <= 0xff ? `\\x${hex(point, 2)}` : `\\u{${hex(point, 4)}}`;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

/** The content of the second cell of a wide character. */
export const WIDE_TAIL = '';

/** Splits clean text into cells, each a character with its marks. A `WIDE_TAIL` follows each wide character. */
export function cells(text: string): string[] {
  if (isSimple(text)) return text.split('');
  const out: string[] = [];
  for (const char of text) {
    if (isMark().test(char)) {
      const base = out.at(-1) === WIDE_TAIL ? out.length - 2 : out.length - 1;
      out[base] += char;
      continue;
    }
    out.push(char);
    if (eastAsianWidth(char.codePointAt(0) ?? 0) === 2) out.push(WIDE_TAIL);
  }
  return out;
}

/** Returns the width of clean text in cells. */
export function width(text: string): number {
  return isSimple(text) ? text.length : cells(text).length;
}

/** Wraps clean text into lines of at most `columns` cells, at blanks if possible. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (width(longer) <= columns) line = longer;
    else {
      if (line !== '') lines.push(line);
      const parts = pieces(word, columns);
      line = parts.pop() ?? '';
      for (const part of parts) lines.push(part);
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Splits clean text into pieces of at most `columns` cells, without losing a character. */
function pieces(text: string, columns: number): string[] {
  const all = cells(text);
  const found: string[] = [];
  for (let start = 0; start < all.length; ) {
    // Do not split a wide character.
    const end = all[start + columns] === WIDE_TAIL && columns > 1 ? start + columns - 1 : start + columns;
    found.push(all.slice(start, end).join(''));
    start = end;
  }
  return found;
}

/** Maximum UTF-16 units of a cell: a character and the two marks that `clean` keeps on it, two units each. */
const MOST_UNITS = 6;

export type Align = 'left' | 'right';

/**
 * Returns clean text of exactly `columns` cells from any text: padded, or cut with an ellipsis. A wide character at the
 * cut is replaced by a blank if only half of it fits.
 */
export function toWidth(whole: string, columns: number, align: Align, ellipsis = '…'): string {
  // Process only the text that can be shown, and one cell more to detect that it must be cut.
  const text = whole.slice(0, Math.max(0, columns + 1) * MOST_UNITS);
  if (isSimple(text)) {
    if (text.length > columns) return columns > 0 ? text.slice(0, columns - 1) + ellipsis : '';
    return align === 'left' ? text.padEnd(columns) : text.padStart(columns);
  }
  const safe = clean(text);
  const size = width(safe);
  if (size <= columns)
    return align === 'left' ? safe + ' '.repeat(columns - size) : ' '.repeat(columns - size) + safe;
  if (columns <= 0) return '';
  const prefix = cells(safe).slice(0, columns - 1);
  // The cut is in the middle of a wide character: only its first half fits.
  if (prefix.length > 0 && cells(prefix.at(-1) ?? '').length === 2) prefix[prefix.length - 1] = ' ';
  return prefix.join('') + ellipsis;
}
