import { describe, expect, it } from 'vitest';
import { DecodeError, decode, decoding } from '../../src/stats/decode.ts';

const all = (entry: string, length: number) => `${`${entry},`.repeat(length - 1)}${entry}`;

/** Smaller documents are not counted. */
const LARGE = 'x'.repeat(2_000_000);

/** A document of a router with an additional list, which makes no rows. */
const withList = (entry: string, entries: number) =>
  Buffer.from(`{"active_sessions":0,"large":"${LARGE}","x":{"list":[${all(entry, entries)}]}}`);

/** The document itself, the object and its list count too. */
const MOST_OBJECTS = 300_000 - 3;
/** The list has one comma less than entries, and the three fields are separated by two commas. */
const MOST_VALUES = 2_000_000 - 1;

/** A document of a router with an object in it, which has as many different names. */
const withNames = (names: number) =>
  Buffer.from(
    `{"active_sessions":0,"large":"${LARGE}","x":{${Array.from({ length: names }, (_, at) => `"${at % 100}":0`).join(',')}}}`,
  );

const refused = (what: string) => new DecodeError(`the document has more than ${what}`);

describe('a document', () => {
  it.each(['{}', '{ }', '[]', '[ ]'])('has at most 300,000 objects and lists (%s)', (entry) => {
    expect(decode(withList(entry, MOST_OBJECTS)).kind).toBe('router');
    expect(() => decode(withList(entry, MOST_OBJECTS + 1))).toThrow(refused('300,000 objects and lists'));
  });

  it('has at most 600,000 names', () => {
    expect(decode(withNames(600_000 - 3)).kind).toBe('router');
    expect(() => decode(withNames(600_000 - 2))).toThrow(refused('600,000 names'));
  });

  it('has at most two million values', () => {
    expect(decode(withList('1', MOST_VALUES)).kind).toBe('router');
    expect(() => decode(withList('1', MOST_VALUES + 1))).toThrow(refused('2,000,000 values'));
  });

  it('is not counted up to two million bytes, because that would take as long as parsing', () => {
    expect(decode(Buffer.from(`{"active_sessions":0,"x":{"list":[${all('{}', 600_000)}]}}`)).kind).toBe(
      'router',
    );
  });

  it('can have texts with any number of brackets, colons and commas, which clients of the server choose', () => {
    for (const text of ['[', '{', ':', ',', '\\"[', '\\\\[']) {
      const bytes = Buffer.from(`{"active_sessions":0,"list":["${text.repeat(2_100_000)}","x"]}`);
      expect(decode(bytes).kind).toBe('router');
    }
  });

  it('is checked against the limits before it is repaired', () => {
    const broken = Buffer.concat([withList('{}', MOST_OBJECTS + 1), Buffer.from(',')]);
    expect(() => decode(broken)).toThrow('the document has more than 300,000 objects and lists');
  });

  it('is refused by the repair if a quote is missing, so that its objects look like a text', () => {
    const broken = Buffer.from(
      `{"cwd":"\x01"a","active_sessions":0,"list":[${all('{}', MOST_OBJECTS + 3)}]}`,
    );
    expect(() => decode(broken)).toThrow('too many objects and lists');
  });

  it('has lists of at most 32,768 rows', () => {
    for (const name of ['workers', 'vassals', 'subscriptions']) {
      const rows = (length: number) =>
        Buffer.from(`{"active_sessions":0,"workers":[],"${name}":[${all('{}', length)}]}`);
      expect(() => decode(rows(32_768))).not.toThrow();
      expect(() => decode(rows(32_769))).toThrow(
        new DecodeError('the document has a list of more than 32,768 entries'),
      );
    }
  });

  it('has at most 100,000 rows in its rows', () => {
    const rows = (length: number) =>
      Buffer.from(`{"workers":[{"cores":[${all('{}', 10)}]},{"apps":[${all('{}', length)}]}]}`);
    expect(decode(rows(99_990)).kind).toBe('app');
    const error = refused('100,000 cores, apps and metrics');
    expect(() => decode(rows(99_991))).toThrow(error);
    const metrics = Array.from({ length: 100_001 }, (_, at) => `"m${at}":{"type":0}`).join(',');
    expect(() => decode(Buffer.from(`{"workers":[],"metrics":{${metrics}}}`))).toThrow(error);
  });

  it('has one lock for each object of its locks', () => {
    const { kind, ...others } = decode(Buffer.from('{"workers":[],"locks":[{"a":1,"b":2},{"c":3}]}'));
    expect([kind, 'locks' in others && others.locks]).toEqual([
      'app',
      [
        { name: 'a', holder: 1 },
        { name: 'c', holder: 3 },
      ],
    ]);
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
