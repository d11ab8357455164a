import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Incoming } from '../../src/sources/incoming.ts';

/** Writes a piece as a socket does: as much as there is room for, more than once if necessary. */
function receive(incoming: Incoming, piece: Uint8Array): boolean {
  let isWhole = false;
  for (let rest = piece; rest.length > 0; ) {
    const room = incoming.room();
    const count = Math.min(room.length, rest.length);
    room.set(rest.subarray(0, count));
    isWhole = incoming.add(count);
    rest = rest.subarray(count);
  }
  return isWhole;
}

describe('a response', () => {
  it('is complete and in order, whatever its pieces and its expected length', () => {
    fc.assert(
      fc.property(fc.nat(300_000), fc.array(fc.nat(70_000), { maxLength: 8 }), (expected, lengths) => {
        const incoming = new Incoming(expected);
        const pieces = lengths.map((length, at) => Buffer.alloc(length, `{${at}`));
        for (const piece of pieces) receive(incoming, piece);
        expect(incoming.bytes().equals(Buffer.concat(pieces))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each([0, 10, 200_000, 1_000_000])(
    'keeps little more memory than it needs if %i bytes were expected',
    (expected) => {
      const incoming = new Incoming(expected);
      receive(incoming, Buffer.alloc(200_000, 'x'));
      expect(incoming.bytes().buffer.byteLength).toBeLessThan(1.3 * 200_000);
    },
  );

  it('always has room, so that the end of the connection is noticed', () => {
    const incoming = new Incoming(100);
    for (let place = 0; place < 8; place += 1) {
      const { length } = incoming.room();
      expect(length).toBeGreaterThan(0);
      incoming.add(length);
    }
  });

  it('in HTTP is whole after the length of its head, or after its last chunk, also in single bytes', () => {
    for (const [head, body] of [
      ['Content-Length: 5', 'a\r\nbc'],
      ['Transfer-Encoding: chunked', '5\r\na\r\nbc\r\n0\r\n\r\n'],
    ]) {
      const text = `HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`;
      const incoming = new Incoming(0);
      const isWhole = [...Buffer.from(text)].map((byte) => receive(incoming, Uint8Array.of(byte)));
      expect(isWhole.indexOf(true)).toBe(text.length - 1);
      expect(incoming.bytes().toString()).toBe(text);
    }
  });
});
