import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../src/stats/bytes.ts';
import { decode } from '../../src/stats/decode.ts';
import { asBytes } from './captures.ts';

describe('bytes that are not valid UTF-8', () => {
  // The expected strings are those of Python 3 with errors='surrogateescape'.
  it.each([
    ['a byte that never occurs', [0xff], '\udcff'],
    ['a continuation byte alone', [0x61, 0x80, 0x62], 'a\udc80b'],
    ['a lead byte alone', [0xc3], '\udcc3'],
    ['a lead byte before another character', [0xc3, 0x28], '\udcc3('],
    ['a truncated character', [0xf0, 0x9f, 0x98], '\udcf0\udc9f\udc98'],
    ['an overlong slash of two bytes', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['an overlong slash of three bytes', [0xe0, 0x80, 0xaf], '\udce0\udc80\udcaf'],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['an invalid byte between valid characters', [0xc3, 0xbc, 0xfe, 0xe2, 0x82, 0xac], 'ü\udcfe€'],
    [
      'the limits of the valid ranges',
      [0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf],
      '\ud7ff\ue000\u{10ffff}',
    ],
  ])('%s', (_what, bytes, text) => {
    expect(decodeBytes(Uint8Array.from(bytes))).toBe(text);
  });

  it('are all kept: the text converts back to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(asBytes(decodeBytes(bytes))).toBe(Buffer.from(bytes).toString('latin1'));
      }),
      { numRuns: 2000 },
    );
  });

  it('do not change valid UTF-8, including a byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeBytes(Buffer.from(`\ufeff${text}`))).toBe(`\ufeff${text}`);
      }),
    );
  });

  it('are kept in a document, and so are all numbers around them', () => {
    const bytes = Buffer.from(
      '{"cwd":"/srv/caf\xe9","workers":[{"requests":9007199254740991,"apps":[{"chdir":"\xff\x1b"}],"tx":5}]}',
      'latin1',
    );
    expect(decode(bytes)).toMatchObject({
      repaired: true,
      server: { cwd: '/srv/caf\udce9' },
      workers: [{ requests: 9007199254740991, tx: 5, apps: [{ chdir: '\udcff\x1b' }] }],
    });
  });
});
