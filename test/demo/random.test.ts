import { describe, expect, it } from 'vitest';
import { Random } from '../../src/demo/random.ts';

const many = <Value>(draw: () => Value) => Array.from({ length: 20_000 }, draw);
const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('Random', () => {
  it('repeats its numbers for the same seed only', () => {
    const first = new Random(7);
    const same = new Random(7);
    const other = new Random(8);
    const draws = many(() => first.bits());
    expect(many(() => same.bits())).toEqual(draws);
    expect(many(() => other.bits())).not.toEqual(draws);
    expect(new Set(draws).size).toBeGreaterThan(19_990);
  });

  it('stays within its limits and reaches all of them', () => {
    const random = new Random(1);
    const halves = many(() => random.next());
    expect(Math.min(...halves)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...halves)).toBeLessThan(1);
    expect(mean(halves)).toBeCloseTo(0.5, 1);
    expect(new Set(many(() => random.integer(3, 6)))).toEqual(new Set([3, 4, 5, 6]));
    expect(new Set(many(() => random.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
    expect(random.hex(13)).toMatch(/^[0-9a-f]{13}$/);
  });

  it('has the documented mean values', () => {
    const random = new Random(2);
    expect(mean(many(() => random.exponential(5))) / 5).toBeCloseTo(1, 1);
    const skewed = many(() => random.skewed(10, 40));
    expect(mean(skewed) / 20).toBeCloseTo(1, 1);
    expect(Math.min(...skewed)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...skewed)).toBeLessThan(40);
    expect(many(() => random.chance(0.2)).filter(Boolean).length / 20_000).toBeCloseTo(0.2, 1);
  });
});
