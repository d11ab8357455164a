import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceAfter } from '../../src/app/pace.ts';

/** The factor after some seconds in which the reads of one second would take this share of a processor. */
function paceFor(load: number, seconds = 120, start = 1): number {
  let pace = start;
  for (let second = 0; second < seconds; second += 1) pace = paceAfter(pace, load / pace);
  return pace;
}

describe('the factor of the intervals', () => {
  it('stays 1 while the reads take at most 60 % of a processor', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 0.6, noNaN: true }), (load) => paceFor(load) === 1));
  });

  it('keeps the load at or below 60 %, and no lower than needed', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.61, max: 30, noNaN: true }), (load) => {
        const left = load / paceFor(load);
        return left <= 0.6 + 1e-9 && left >= 0.44;
      }),
    );
  });

  it('does not alternate between two values', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.61, max: 30, noNaN: true }), (load) => {
        const pace = paceFor(load);
        return paceAfter(pace, load / pace) === pace;
      }),
    );
  });

  it('returns to 1 after the load has ended, and has an upper limit', () => {
    expect(paceFor(0.1, 60, 50)).toBe(1);
    expect(paceFor(1e6)).toBe(60);
  });
});
