import { expect, it } from 'vitest';
import { jittered } from '../../src/sources/jitter.ts';

it('a jittered interval differs from the interval by at most a twentieth', () => {
  expect([0, 0.25, 0.5, 1].map((random) => jittered(2, () => random))).toEqual([1.9, 1.95, 2, 2.1]);
});

it('without a given source of randomness, the jitter differs each time', () => {
  const all = new Set(Array.from({ length: 20 }, () => jittered(1)));
  expect(all.size).toBeGreaterThan(10);
  for (const each of all) expect(Math.abs(each - 1)).toBeLessThanOrEqual(0.05);
});
