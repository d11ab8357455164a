import { describe, expect, it } from 'vitest';
import { DecodeError, decode, decoding } from '../../src/stats/decode.ts';

/** A document of a router with an additional list. */
const withList = (entry: string, entries: number) =>
  Buffer.from(`{"active_sessions":0,"list":[${`${entry},`.repeat(entries - 1)}${entry}]}`);

/** The document itself and its list count too. */
const MOST_OBJECTS = 1_000_000 - 2;
/** The list has one comma less than entries, and the two fields are separated by one comma. */
const MOST_ENTRIES = 8_000_000;

describe('a document', () => {
  it.each(['{}', '[]'])('has at most a million objects and lists (%s)', (entry) => {
    expect(decode(withList(entry, MOST_OBJECTS)).kind).toBe('router');
    const more = () => decode(withList(entry, MOST_OBJECTS + 1));
    expect(more).toThrow(new DecodeError('the document has more than 1,000,000 objects and lists'));
  });

  it('has at most eight million values', () => {
    expect(decode(withList('1', MOST_ENTRIES)).kind).toBe('router');
    const more = () => decode(withList('1', MOST_ENTRIES + 1));
    expect(more).toThrow(new DecodeError('the document has more than 8,000,000 values'));
  });

  it('is checked against the limits before it is repaired', () => {
    const broken = Buffer.concat([withList('{}', MOST_OBJECTS + 1), Buffer.from(',')]);
    expect(() => decode(broken)).toThrow('the document has more than 1,000,000 objects and lists');
  });

  it('may be repaired up to 8 MiB', () => {
    // A raw escape character of a client, which is not valid in JSON.
    const broken = (length: number) => {
      const head = '{"active_sessions":0,"x":"\x1b';
      return Buffer.from(`${head}${'y'.repeat(length - head.length - 2)}"}`);
    };
    expect(decode(broken(8 * 2 ** 20))).toMatchObject({ kind: 'router', repaired: true });
    const more = () => decode(broken(8 * 2 ** 20 + 1));
    expect(more).toThrow(new DecodeError('the document is not valid JSON and too large to repair'));
  });

  it('may be repaired with up to 100,000 pairs in lists', () => {
    expect(decode(withList('"a":1', 100_000))).toMatchObject({ kind: 'router', repaired: true });
    expect(() => decode(withList('"a":1', 100_001))).toThrow('too many pairs in lists');
  });

  it('is decoded in steps', () => {
    const steps = decoding(withList('1', 10));
    let pauses = 0;
    while (!steps.next().done) pauses += 1;
    expect(pauses).toBeGreaterThanOrEqual(3);
  });
});
