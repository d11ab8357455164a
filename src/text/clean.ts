import { eastAsianWidth } from 'get-east-asian-width';
import { UNSAFE } from './unsafe.ts';

/**
 * The one place where text that came from a document is made safe for a terminal, and where text is measured.
 * Every string that a view shows passes through `clean`, most of them by way of `toWidth`.
 */

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** A character a cell, and none that needs a second look. */
export function isAscii(text: string): boolean {
  return PRINTABLE_ASCII.test(text);
}

/**
 * Characters without a width of their own: marks, and the vowels and final consonants of decomposed Hangul.
 */
const MARK = '[\\p{Mn}\\p{Me}\\u1160-\\u11ff\\ud7b0-\\ud7ff]';

/** A mark after nothing that it could be drawn on, or one of a pile of marks. */
const STRAY_MARKS = new RegExp(`(^|${MARK}{2})(${MARK}+)`, 'gu');
const ONE_MARK = new RegExp(MARK, 'gu');
const IS_MARK = new RegExp(`^${MARK}$`, 'u');

/** Text without anything that a terminal would not show as it is: `\x1b` for ESC, `\xff` for a byte of no character. */
export function clean(text: string): string {
  if (isAscii(text)) return text;
  return text
    .replace(UNSAFE, visible)
    .replace(STRAY_MARKS, (_, before: string, marks: string) => before + marks.replace(ONE_MARK, visible));
}

/** `clean`, of text with lines and tabs, which stay. */
export function cleanLines(text: string): string {
  return text.replace(/[^\n\t]+/g, clean);
}

const NAMED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function visible(char: string): string {
  const named = NAMED[char];
  if (named) return named;
  const point = char.codePointAt(0) ?? 0;
  // Bytes that are not UTF-8 come as U+DC80..U+DCFF (see stats/bytes).
  if (point >= 0xdc80 && point <= 0xdcff) return `\\x${hex(point - 0xdc00, 2)}`;
  return point <= 0xff ? `\\x${hex(point, 2)}` : `\\u{${hex(point, 4)}}`;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

/** What one cell of a terminal shows, and the second half of a wide character. */
export const WIDE_TAIL = '';

/** Clean text → its cells, each a character with its marks; a wide character is followed by a `WIDE_TAIL`. */
export function cells(text: string): string[] {
  if (isAscii(text)) return text.split('');
  const out: string[] = [];
  for (const char of text) {
    if (IS_MARK.test(char)) {
      const base = out.at(-1) === WIDE_TAIL ? out.length - 2 : out.length - 1;
      out[base] += char;
      continue;
    }
    out.push(char);
    if (eastAsianWidth(char.codePointAt(0) ?? 0) === 2) out.push(WIDE_TAIL);
  }
  return out;
}

/** Cells that clean text takes. */
export function width(text: string): number {
  return isAscii(text) ? text.length : cells(text).length;
}

/** Clean text → lines of at most `columns` cells, broken at blanks where there are any. */
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

/** Clean text → pieces of at most `columns` cells, nothing of it lost. */
export function pieces(text: string, columns: number): string[] {
  const all = cells(text);
  const found: string[] = [];
  for (let start = 0; start < all.length; ) {
    // A wide character stays whole.
    const end = all[start + columns] === WIDE_TAIL && columns > 1 ? start + columns - 1 : start + columns;
    found.push(all.slice(start, end).join(''));
    start = end;
  }
  return found;
}

/** UTF-16 units that a cell shows at most: a character and the two marks that `clean` leaves on it, two units each. */
const MOST_UNITS = 6;

export type Align = 'left' | 'right';

/**
 * Any text → clean text of exactly `columns` cells: padded, or cut with an ellipsis.
 * A wide character that would stick out half is left away.
 */
export function toWidth(whole: string, columns: number, align: Align, ellipsis = '…'): string {
  // No more than can be shown is looked at, and one cell more, so that what is cut has its ellipsis.
  const text = whole.slice(0, Math.max(0, columns + 1) * MOST_UNITS);
  // Nearly all that a table shows: it is measured and cut without a second look.
  if (isAscii(text)) {
    if (text.length > columns) return columns > 0 ? text.slice(0, columns - 1) + ellipsis : '';
    return align === 'left' ? text.padEnd(columns) : text.padStart(columns);
  }
  const safe = clean(text);
  const size = width(safe);
  if (size <= columns)
    return align === 'left' ? safe + ' '.repeat(columns - size) : ' '.repeat(columns - size) + safe;
  if (columns <= 0) return '';
  const kept = cells(safe).slice(0, columns - 1);
  // The cut went through a wide character: its first half was kept, its second one was not.
  if (kept.length > 0 && cells(kept.at(-1) ?? '').length === 2) kept[kept.length - 1] = ' ';
  return kept.join('') + ellipsis;
}
