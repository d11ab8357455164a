import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import * as read from '../../src/stats/fields.ts';
import { capture, meant, type Sent } from './captures.ts';

/** Values of the wrong type for each reader. No reader may accept them. */
const NOT_NUMBERS = [undefined, null, true, false, '', '7', [], [7], {}, Number.NaN];
const U64 = JSON.parse('[18446744073709551615, 9223372036854775808, 18446744073709551556]') as number[];

describe('readers of numbers', () => {
  const readers = [read.count, read.positive, read.integer, read.microseconds, read.flag] as const;

  it.each(readers.map((reader) => [reader.name, reader] as const))(
    '%s: a value that is not a number is unknown',
    (_, reader) => {
      for (const value of NOT_NUMBERS) expect(reader(value)).toBeNull();
      expect(reader(Number.POSITIVE_INFINITY)).toBeNull();
      expect(reader(Number.NEGATIVE_INFINITY)).toBeNull();
    },
  );

  it.each(readers.map((reader) => [reader.name, reader] as const))(
    '%s: a negative number that uWSGI has cast is unknown',
    (_, reader) => {
      for (const value of U64) expect(reader(value)).toBeNull();
    },
  );

  it('counts are not negative, and 0 is a count', () => {
    expect([0, 1, 2.5, 2 ** 53 - 1, 2 ** 53].map(read.count)).toEqual([0, 1, null, 2 ** 53 - 1, null]);
    expect([-1, -0.5].map(read.count)).toEqual([null, null]);
  });

  it('0 is unknown if it means none', () => {
    expect([0, -0, -1, 1, 4096].map(read.positive)).toEqual([null, null, null, 1, 4096]);
  });

  it('integers may be negative', () => {
    expect([-60, -1, 0, 59].map(read.integer)).toEqual([-60, -1, 0, 59]);
  });

  it('microseconds become seconds', () => {
    expect([0, 1, 1_500_000, -1].map(read.microseconds)).toEqual([0, 1e-6, 1.5, null]);
  });

  it('flags are false for 0 and true for other numbers', () => {
    expect([0, 1, 2, -1].map(read.flag)).toEqual([false, true, true, null]);
  });
});

describe('readers of other types', () => {
  const others = [undefined, null, true, 7];

  it('texts may be empty, and an empty name is unknown', () => {
    for (const value of [...others, [], {}, ['a']]) {
      expect(read.text(value)).toBeNull();
      expect(read.name(value)).toBeNull();
    }
    expect(['', 'a'].map(read.text)).toEqual(['', 'a']);
    expect(['', 'a'].map(read.name)).toEqual([null, 'a']);
  });

  it('lists and objects default to empty ones', () => {
    for (const value of [...others, 'abc']) {
      expect(read.list(value)).toEqual([]);
      expect(read.fields(value)).toEqual({});
    }
    expect(read.list({ length: 1, 0: 'a' })).toEqual([]);
    expect(read.list(['a'])).toEqual(['a']);
    expect(read.fields(['a'])).toEqual({});
    expect(read.fields({ a: 1 })).toEqual({ a: 1 });
  });
});

type Path = readonly (string | number)[];

/** The paths of all values in a document, including lists and objects. */
function paths(value: unknown, here: Path = []): Path[] {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const below = inside.flatMap(([key, each]) =>
    paths(each, [...here, Array.isArray(value) ? Number(key) : key]),
  );
  return here.length === 0 ? below : [here, ...below];
}

/** A copy of `document` with another value at `path`. */
function withValue(document: Sent, path: Path, value: unknown): Sent {
  const copy = structuredClone(document);
  const parent = path.slice(0, -1).reduce<unknown>((each, key) => (each as Sent)[key], copy) as Sent;
  parent[path.at(-1) ?? ''] = value;
  return copy;
}

/** All values of a snapshot that are not objects. */
function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...U64, -1, 0, 1e308, 1.5, '', '\0', 'NaN', true, null, [[]], [null], { a: [] }),
);

/** Together they contain every field of 2.0.21. */
const ALL_FIELDS = ['full', 'legion', 'prefork', 'emperor', 'http-router', 'http-router-to'];

describe.each(ALL_FIELDS)('any field of %s', (name) => {
  const document = meant(capture(name, 1));
  const { kind } = decode(capture(name, 1));
  const anyPath = fc.constantFrom(...paths(document).filter((path) => path.length > 1));

  it('may have any type: the document is decoded, and the snapshot contains valid types only', () => {
    fc.assert(
      fc.property(anyPath, odd, (path, value) => {
        const snapshot = decode(Buffer.from(JSON.stringify(withValue(document, path, value))));
        expect(snapshot.kind).toBe(kind);
        for (const leaf of leaves(snapshot)) {
          expect(leaf === null || ['string', 'boolean', 'number'].includes(typeof leaf)).toBe(true);
          if (typeof leaf === 'number') expect(Number.isFinite(leaf) && leaf < 2 ** 53).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a field of the wrong type', () => {
  /** Fields that affect other fields, or that default to the place in the list. */
  const MORE_THAN_ONE = ['id', 'pid', 'requests', 'in_request', 'max_queue', 'type'];

  it.each(ALL_FIELDS)('is unknown, and nothing else of %s changes', (name) => {
    const document = meant(capture(name, 1));
    const good = decode(Buffer.from(JSON.stringify(document)));
    const single = paths(document).filter((path) => {
      const value = path.reduce<unknown>((each, key) => (each as Sent)[key], document);
      return typeof value === 'number' && path.length < 4 && !MORE_THAN_ONE.includes(String(path.at(-1)));
    });
    expect(single.length).toBeGreaterThan(5);
    // The fields of more workers are the same.
    for (const path of single.filter(([, place]) => typeof place !== 'number' || place < 2)) {
      const snapshot = decode(Buffer.from(JSON.stringify(withValue(document, path, 'seven'))));
      const [before, after] = [leaves(good), leaves(snapshot)];
      expect(after).toHaveLength(before.length);
      const changed = after.filter((leaf, i) => !Object.is(leaf, before[i]));
      expect(changed, path.join('.')).toEqual(changed.map(() => null));
    }
  });

  it.each(['workers', 'vassals'])('%s may contain anything', (key) => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), (rows) => {
        const snapshot = decode(Buffer.from(JSON.stringify({ [key]: rows })));
        const typed =
          snapshot.kind === 'app' ? snapshot.workers : snapshot.kind === 'emperor' ? snapshot.vassals : [];
        expect(typed).toHaveLength(rows.length);
      }),
    );
  });
});
