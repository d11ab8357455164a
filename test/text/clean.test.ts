import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells, clean, toWidth, WIDE_TAIL, width } from '../../src/text/clean.ts';
import { anyText, measuredText } from './strings.ts';

/** Characters that must never reach a terminal, defined independently of the code. */
const DANGEROUS = [
  ['C0 controls and DEL', /[\x00-\x1f\x7f]/],
  ['C1 controls', /[\x80-\x9f]/],
  ['bidi controls', /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/],
  ['format characters of any kind', /\p{Cf}/u],
  ['fillers and joiners', /\u034f|[\u00ad\u115f\u1160\u200b-\u200d\u2060-\u206f\u3164\ufeff\uffa0]/],
  ['invisible characters of Khmer and Mongolian', /[\u17b4\u17b5]|[\u180b-\u180f]/],
  ['variation selectors and tags', /[\ufe00-\ufe0f\u{e0000}-\u{e0fff}]/u],
  ['line and paragraph separators', /[\u2028\u2029]/],
  ['lone surrogates', /\p{Cs}/u],
  ['private characters', /[\ue000-\uf8ff\u{f0000}-\u{fffff}\u{100000}-\u{10ffff}]/u],
] as const;

const columnsOf = fc.integer({ min: 0, max: 40 });
const align = fc.constantFrom('left', 'right') as fc.Arbitrary<'left' | 'right'>;

describe('clean', () => {
  it.each(DANGEROUS)('removes %s', (_what, dangerous) => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(clean(text)).not.toMatch(dangerous);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves no combining mark without a base character, and at most two on one', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(clean(text)).not.toMatch(/^\p{Mn}|^\p{Me}|[\p{Mn}\p{Me}]{3}/u);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not change clean text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = clean(text);
        expect(clean(once)).toBe(once);
      }),
    );
    expect(clean('日本語 ü 😀 e\u0301 {red-fg}x{/}')).toBe('日本語 ü 😀 e\u0301 {red-fg}x{/}');
  });

  it.each([
    ['ESC', '\x1b[2J', '\\x1b[2J'],
    ['tab and line ends', 'a\tb\r\n', 'a\\tb\\r\\n'],
    ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
    ['C1', '\x9b31m', '\\x9b31m'],
    ['bytes that are not UTF-8', '\udcff\udc80', '\\xff\\x80'],
    ['half of a surrogate pair', 'a\ud83d', 'a\\u{d83d}'],
    ['a bidi override', 'gpj.\u202eexe', 'gpj.\\u{202e}exe'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a tag character', '\u{e0041}', '\\u{e0041}'],
    ['a combining mark without a base character', '\u0301a', '\\u{0301}a'],
    ['the third combining mark of a character', 'a\u0301\u0302\u0303', 'a\u0301\u0302\\u{0303}'],
  ])('shows %s as an escape', (_what, text, shown) => {
    expect(clean(text)).toBe(shown);
  });
});

describe('width and cells', () => {
  it('count the cells that a terminal uses', () => {
    fc.assert(
      fc.property(measuredText, ({ text, cells: expected }) => {
        expect(width(clean(text))).toBe(expected);
      }),
    );
  });

  it('agree for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const safe = clean(text);
        const parts = cells(safe);
        expect(parts).toHaveLength(width(safe));
        expect(parts.join('')).toBe(safe);
        expect(parts[0]).not.toBe(WIDE_TAIL);
      }),
      { numRuns: 2000 },
    );
  });

  it('are the same for each character alone and after another one', () => {
    for (let unit = 0x20; unit < 0xd800; unit += 1) {
      const char = String.fromCharCode(unit);
      const both = clean(`é${char}`);
      // A mark without a base character is shown as an escape.
      if (cells(both).length === 1) continue;
      expect([clean(char), cells(clean(char))]).toEqual([both.slice(1), cells(both).slice(1)]);
    }
  });

  // Terminals draw the vowels and finals of decomposed Hangul into the cell of the first letter, like wcwidth.
  it('treat decomposed Hangul, as in file names of macOS, like composed Hangul', () => {
    expect(width(clean('한글'.normalize('NFD')))).toBe(4);
  });
});

describe('toWidth', () => {
  it('has exactly the requested number of cells, for any text', () => {
    fc.assert(
      fc.property(anyText, columnsOf, align, (text, columns, side) => {
        expect(cells(toWidth(text, columns, side))).toHaveLength(columns);
      }),
      { numRuns: 2000 },
    );
  });

  it('pads on the side opposite to its alignment, and cuts with an ellipsis', () => {
    fc.assert(
      fc.property(measuredText, columnsOf, align, ({ text, cells: size, widths }, columns, side) => {
        const shown = toWidth(text, columns, side);
        if (size <= columns) {
          const blanks = ' '.repeat(columns - size);
          expect(shown).toBe(side === 'left' ? text + blanks : blanks + text);
        } else if (columns > 0) {
          expect(shown.endsWith('…')).toBe(true);
          const prefix = shown.slice(0, -1).trimEnd();
          expect(text.startsWith(prefix)).toBe(true);
          // Only the cells for the ellipsis, and for half of a wide character, are lost.
          expect(columns - 1 - width(prefix)).toBeLessThan(widths.includes(2) ? 2 : 1);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never shows half of a wide character, or a combining mark without its letter', () => {
    expect(toWidth('日本語', 4, 'left')).toBe('日 …');
    expect(toWidth('日本語', 5, 'left')).toBe('日本…');
    expect(toWidth('日本語', 2, 'left')).toBe(' …');
    expect(toWidth('日本語', 1, 'left')).toBe('…');
    expect(toWidth('ae\u0301\u0302bc', 3, 'left')).toBe('ae\u0301\u0302…');
  });

  it('accepts another ellipsis, for terminals without this one', () => {
    expect(toWidth('abcdef', 4, 'left', '~')).toBe('abc~');
    expect(toWidth('abcdéf', 4, 'right', '~')).toBe('abc~');
  });
});
