import fc from 'fast-check';

/** Strings that a hostile or foreign client can put into a document. */
const PIECES = [
  'a',
  'GET /shop?q=1',
  ' ',
  'é',
  '日本語',
  '한국어',
  'ｆｕｌｌ',
  '😀',
  '👩‍👩‍👧',
  '🇩🇪',
  '👍🏽',
  'e\u0301',
  '\u0301',
  `Z${'\u0335\u0316\u0301'.repeat(5)}`,
  '日\u3099',
  '\u3099',
  '\x1b[31m',
  '\x1b]0;title\x07',
  '\x1b',
  '\x00',
  '\t',
  '\r\n',
  '\x7f',
  '\x85',
  '\x9b31m',
  '\u202e',
  '\u0600',
  '\ufff9',
  '\u2066',
  '\u200b',
  '\u200d',
  '\ufe0f',
  '\ufeff',
  '\u00ad',
  '\u2028',
  '\ud800',
  '\udc00',
  '\udcff',
  '\ue000',
  '\u{e0041}',
  '\u{10ffff}',
  '\uffff',
  '{red-fg}',
  '{/}',
  '{bold}{escape}',
  '\u3164',
  '\u115f',
];

/** Any text, with a high share of dangerous characters. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...PIECES),
        fc.string({ unit: 'binary', maxLength: 3 }),
        fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('')),
);

/** A text with a known number of cells: the width of each piece is from a table, not computed. */
export const measuredText = fc
  .array(
    fc.constantFrom(
      { text: 'a', cells: 1 },
      { text: '~', cells: 1 },
      { text: 'ü', cells: 1 },
      { text: 'Ж', cells: 1 },
      { text: '■', cells: 1 },
      { text: '日', cells: 2 },
      { text: '글', cells: 2 },
      { text: 'ｗ', cells: 2 },
      { text: '、', cells: 2 },
      { text: '😀', cells: 2 },
      { text: '𠀋', cells: 2 },
      { text: 'e\u0301', cells: 1 },
      { text: 'か\u3099', cells: 2 },
    ),
    { maxLength: 30 },
  )
  .map((pieces) => ({
    text: pieces.map(({ text }) => text).join(''),
    cells: pieces.reduce((sum, { cells }) => sum + cells, 0),
    /** Cells of each piece, in order. */
    widths: pieces.map(({ cells }) => cells),
  }));
