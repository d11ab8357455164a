import { describe, expect, it } from 'vitest';
import { delta, rate, ratio, sum } from '../../src/rates/delta.ts';

describe('delta', () => {
  it.each([
    [3, 5, 2],
    [5, 5, 0],
    [0, 0, 0],
    [5, 3, null],
    [null, 5, null],
    [undefined, 5, null],
    [5, null, null],
  ] as const)('%s → %s is %s', (before, after, expected) => {
    expect(delta(before, after)).toBe(expected);
  });
});

describe('rate', () => {
  it.each([
    [6, 2, 3],
    [0, 2, 0],
    [6, 0.5, 12],
    [6, 0, null],
    [6, -1, null],
    [null, 2, null],
    [6, null, null],
  ] as const)('%s in %s s is %s', (amount, seconds, expected) => {
    expect(rate(amount, seconds)).toBe(expected);
  });
});

describe('ratio', () => {
  it.each([
    [1, 4, 0.25],
    [0, 4, 0],
    [0, 0, null],
    [1, 0, null],
    [null, 4, null],
    [1, null, null],
  ] as const)('%s of %s is %s', (part, whole, expected) => {
    expect(ratio(part, whole)).toBe(expected);
  });
});

describe('sum', () => {
  it('adds all values, is 0 for none and null if one is unknown', () => {
    const same = (value: number | null) => value;
    expect(sum([1, 2, 3], same)).toBe(6);
    expect(sum([], same)).toBe(0);
    expect(sum([1, null, 3], same)).toBeNull();
  });
});
