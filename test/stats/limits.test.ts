import { describe, expect, it } from 'vitest';
import { DecodeError, decode, decoding } from '../../src/stats/decode.ts';

/** A router's document with a list of its own. */
const withList = (entry: string, entries: number) =>
  Buffer.from(`{"active_sessions":0,"list":[${`${entry},`.repeat(entries - 1)}${entry}]}`);

/** The document is one object and one list more. */
const MOST_OBJECTS = 1_000_000 - 2;
/** There is a comma less than entries in the list, and one between the two fields. */
const MOST_ENTRIES = 8_000_000;

describe('a document', () => {
  it.each(['{}', '[]'])('has a million objects and lists at most (%s)', (entry) => {
    expect(decode(withList(entry, MOST_OBJECTS)).kind).toBe('router');
    const more = () => decode(withList(entry, MOST_OBJECTS + 1));
    expect(more).toThrow(new DecodeError('it has more than 1,000,000 objects and lists'));
  });

  it('has eight million values at most', () => {
    expect(decode(withList('1', MOST_ENTRIES)).kind).toBe('router');
    const more = () => decode(withList('1', MOST_ENTRIES + 1));
    expect(more).toThrow(new DecodeError('it has more than 8,000,000 values'));
  });

  it('is counted before it is repaired', () => {
    const broken = Buffer.concat([withList('{}', MOST_OBJECTS + 1), Buffer.from(',')]);
    expect(() => decode(broken)).toThrow('it has more than 1,000,000 objects and lists');
  });

  it('that is repaired has 8 MiB at most', () => {
    // An escape sequence of a client, which no JSON has.
    const broken = (length: number) => {
      const head = '{"active_sessions":0,"x":"\x1b';
      return Buffer.from(`${head}${'y'.repeat(length - head.length - 2)}"}`);
    };
    expect(decode(broken(8 * 2 ** 20))).toMatchObject({ kind: 'router', repaired: true });
    const more = () => decode(broken(8 * 2 ** 20 + 1));
    expect(more).toThrow(new DecodeError('it is not JSON, and too large to be repaired'));
  });

  it('that is repaired has 100,000 pairs in lists at most', () => {
    expect(decode(withList('"a":1', 100_000))).toMatchObject({ kind: 'router', repaired: true });
    expect(() => decode(withList('"a":1', 100_001))).toThrow('it has too many pairs in lists');
  });

  it('is decoded in steps', () => {
    const steps = decoding(withList('1', 10));
    let pauses = 0;
    while (!steps.next().done) pauses += 1;
    expect(pauses).toBeGreaterThanOrEqual(3);
  });
});
