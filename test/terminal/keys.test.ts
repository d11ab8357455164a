import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isKey, Tokens } from '../../src/terminal/blessed/keys.ts';

/** What terminals send for one key each: letters, arrows, function keys, Alt, the mouse in two encodings. */
const KEYS = [
  ...['a', 'G', '%', '+', ' ', '\r', '\x03', '\x7f', 'é', '語', '😀'],
  ...[
    '\x1b[A',
    '\x1bOA',
    '\x1b[1;5C',
    '\x1b[5~',
    '\x1b[15;2~',
    '\x1b[H',
    '\x1bOH',
    '\x1b[Z',
    '\x1bOP',
    '\x1b[[A',
  ],
  ...[
    '\x1bx',
    '\x1b1',
    '\x1b[<0;10;5M',
    '\x1b[<0;10;5m',
    '\x1b[<64;200;50M',
    '\x1b[M !!',
    '\x1b[M\x60\x80\x81',
  ],
];

const PASTE = ['\x1b[200~', '\x1b[201~'] as const;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The keys recognised in these pieces. */
function heard(pieces: readonly string[]): string[] {
  const keys: string[] = [];
  const tokens = new Tokens((token) => keys.push(token));
  for (const piece of pieces) tokens.push(piece);
  vi.advanceTimersByTime(1000);
  return keys;
}

/** Splits a text at any positions, but not within a character. */
const cut = (text: string, at: readonly number[]) => {
  const ends = [...new Set(at.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
};

describe('the key parser', () => {
  it.each(KEYS.map((key) => [JSON.stringify(key), key]))('recognises %s as one key', (_name, key) => {
    expect(heard([key])).toEqual([key]);
  });

  it('separates keys that arrive together', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KEYS), { maxLength: 20 }), (keys) => {
        expect(heard([keys.join('')])).toEqual(keys);
      }),
    );
  });

  it('joins the pieces of a key', () => {
    const typed = fc.array(fc.constantFrom(...KEYS.filter((key) => !/[\ud800-\udfff]/.test(key))), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(typed, fc.array(fc.nat(60)), (keys, at) => {
        expect(heard(cut(keys.join(''), at))).toEqual(keys);
        expect(heard([...keys.join('')])).toEqual(keys);
      }),
    );
  });

  it('does not take replies to queries or unknown sequences for keys', () => {
    const answers = [
      '\x1b[?1;2c',
      '\x1b[24;80R',
      '\x1b]11;rgb:0/0/0\x07',
      '\x1b]11;rgb:0/0/0\x1b\\',
      '\x1bP1+r\x1b\\',
    ];
    const unknown = ['\x1b[27;5;106~', '\x1b[106;5u', '\x1b[?2026;2$y', '\x1b[>41;354;0c'];
    for (const sequence of [...answers, ...unknown]) {
      expect([sequence, isKey(sequence)]).toEqual([sequence, false]);
      expect(heard([`a${sequence}b`])).toEqual(['a', sequence, 'b']);
      expect(heard([...`a${sequence}b`])).toEqual(['a', sequence, 'b']);
    }
    for (const key of KEYS) expect([key, isKey(key)]).toEqual([key, true]);
  });

  it('drops an unfinished sequence', () => {
    expect(heard(['\x1b[1;'])).toEqual([]);
    expect(heard(['\x1b['])).toEqual([]);
    expect(heard(['\x1bO'])).toEqual([]);
  });

  it('holds nothing forever and reports nothing twice', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const length = heard(pieces).join('').length;
        expect(length).toBeLessThanOrEqual(pieces.join('').length);
        expect(heard([...pieces, '\x1b[201~']).at(-1)).not.toBe('\x1b[201~');
      }),
    );
  });
});

describe('Esc', () => {
  it('is a key when nothing follows it', () => {
    const keys: string[] = [];
    const tokens = new Tokens((token) => keys.push(token));
    tokens.push('\x1b');
    expect(keys).toEqual([]);
    vi.advanceTimersByTime(49);
    expect(keys).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(keys).toEqual(['\x1b']);
  });

  it('begins a sequence when the rest arrives soon', () => {
    const keys: string[] = [];
    const tokens = new Tokens((token) => keys.push(token));
    tokens.push('\x1b');
    vi.advanceTimersByTime(30);
    tokens.push('[');
    vi.advanceTimersByTime(30);
    tokens.push('A');
    vi.advanceTimersByTime(1000);
    expect(keys).toEqual(['\x1b[A']);
  });

  it('is one key for each press', () => {
    expect(heard(['\x1b\x1b\x1b'])).toEqual(['\x1b', '\x1b', '\x1b']);
    expect(heard(['\x1b\x1b[A'])).toEqual(['\x1b', '\x1b[A']);
  });
});

describe('pasted text', () => {
  it('produces no keys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(99)), (text, at) => {
        const clean = text.replaceAll('\x1b', '');
        const keys = heard(cut(`a${PASTE[0]}${clean}${PASTE[1]}b`, at));
        expect(keys).toEqual(['a', 'b']);
      }),
    );
    expect(heard([`${PASTE[0]}q\x1b[A\r\nrm -rf /\x1b[<0;1;1M${PASTE[1]}h`])).toEqual(['h']);
  });
});
