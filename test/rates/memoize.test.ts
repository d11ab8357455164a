import { describe, expect, it } from 'vitest';
import { memoizeLast } from '../../src/rates/memoize.ts';

describe('a function that is memoized by its last arguments', () => {
  it('is computed again whenever any argument differs, and only then', () => {
    const calls: unknown[][] = [];
    const joined = memoizeLast((...args: readonly unknown[]) => {
      calls.push([...args]);
      return args.join();
    });
    const list = [1];
    const given = [
      [list, 'a', Number.NaN],
      [list, 'a', Number.NaN],
      [[1], 'a', Number.NaN],
      [list, 'b', Number.NaN],
      [list, 'b', 0],
      [list, 'b'],
      [list, 'b', undefined],
      [],
      [undefined],
    ];
    for (const args of given) expect(joined(...args)).toBe(args.join());
    expect(calls).toEqual(given.toSpliced(1, 1));
  });
});
