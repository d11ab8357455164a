import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../src/stats/bytes.ts';
import { decode } from '../../src/stats/decode.ts';
import { asBytes } from './captures.ts';

describe('bytes that are not UTF-8', () => {
  // What Python 3 makes of them with errors='surrogateescape'.
  it.each([
    ['a byte that never occurs', [0xff], '\udcff'],
    ['a follower alone', [0x61, 0x80, 0x62], 'a\udc80b'],
    ['a lead alone', [0xc3], '\udcc3'],
    ['a lead before something else', [0xc3, 0x28], '\udcc3('],
    ['a character that is cut off', [0xf0, 0x9f, 0x98], '\udcf0\udc9f\udc98'],
    ['a slash written too long', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['a slash written far too long', [0xe0, 0x80, 0xaf], '\udce0\udc80\udcaf'],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    ['what is beyond Unicode', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['good characters around it', [0xc3, 0xbc, 0xfe, 0xe2, 0x82, 0xac], 'ü\udcfe€'],
    [
      'the edges of what is good',
      [0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf],
      '\ud7ff\ue000\u{10ffff}',
    ],
  ])('%s', (_what, bytes, text) => {
    expect(decodeBytes(Uint8Array.from(bytes))).toBe(text);
  });

  it('are all kept: text → the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(asBytes(decodeBytes(bytes))).toBe(Buffer.from(bytes).toString('latin1'));
      }),
      { numRuns: 2000 },
    );
  });

  it('leave good UTF-8 as it is, a byte order mark too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeBytes(Buffer.from(`\ufeff${text}`))).toBe(`\ufeff${text}`);
      }),
    );
  });

  it('are kept in a document, and every number around them', () => {
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
