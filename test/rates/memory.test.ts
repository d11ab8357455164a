import { describe, expect, it } from 'vitest';
import { memoryGrowth, memoryReadings } from '../../src/rates/memory.ts';
import { BEGAN, MIB, pointsOf, pointsWith } from '../insights/heaps.ts';

/** Bytes of a process with 100 MiB that gains 6 MiB per minute, every ten seconds. */
const growing = (count: number) => Array.from({ length: count }, (_, place) => (100 + place) * MIB);
const constant = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('growth in bytes per minute', () => {
  it('is known after a process has been read for a minute', () => {
    const grown = (count: number) => memoryGrowth(pointsWith(growing(count), constant(count, 1), 10), 1);
    expect(grown(6)).toEqual([null]);
    expect(grown(7)).toEqual([6 * MIB]);
    expect(grown(100)).toEqual([6 * MIB]);
  });

  it('covers the last two minutes, and is negative if memory was freed', () => {
    const stopped = [...growing(20), ...constant(13, 200 * MIB)];
    expect(memoryGrowth(pointsWith(stopped, constant(33, 1), 10), 1)).toEqual([0]);
    const freed = growing(20).reverse();
    expect(memoryGrowth(pointsWith(freed, constant(20, 1), 10), 1)).toEqual([-6 * MIB]);
  });

  it('ignores memory that is freed within a third of that time', () => {
    const garbage = (second: number) => (100 + (second % 40 < 30 ? 50 : 0)) * MIB;
    expect(memoryGrowth(pointsOf(garbage, 600), 1)).toEqual([0]);
  });

  it('restarts with each process', () => {
    const pids = [...constant(20, 1), ...constant(6, 2)];
    expect(memoryGrowth(pointsWith(growing(26), pids, 10), 1)).toEqual([null]);
    expect(memoryGrowth(pointsWith(growing(27), [...pids, 2], 10), 1)).toEqual([6 * MIB]);
  });

  it('uses the last three readings if they are far apart', () => {
    expect(memoryGrowth(pointsWith(growing(9), constant(9, 1), 300), 1)).toEqual([Math.round(0.2 * MIB)]);
  });

  it('is unknown for a worker without memory, without a process, or outside the history', () => {
    expect(memoryGrowth(pointsWith(constant(20, Number.NaN), constant(20, 1), 10), 1)).toEqual([null]);
    expect(memoryGrowth(pointsWith(growing(20), constant(20, 0), 10), 1)).toEqual([null]);
    expect(memoryGrowth(pointsWith(growing(20), constant(20, 1), 10), 2)).toEqual([6 * MIB, null]);
    expect(memoryGrowth([], 1)).toEqual([null]);
  });
});

describe('readings of a process', () => {
  it('are those of the current process, with the maximum of earlier ones', () => {
    const bytes = [300, 100, 50, 60].map((each) => each * MIB);
    expect(memoryReadings(pointsWith(bytes, [1, 2, 3, 3], 10), 0)).toEqual({
      times: [BEGAN + 20, BEGAN + 30],
      bytes: [50 * MIB, 60 * MIB],
      earlier: 300 * MIB,
    });
  });

  it('restart after the clock was set back', () => {
    const [first, second, third] = pointsWith(growing(3), constant(3, 1), 10);
    const points = [first, second, third && { ...third, time: BEGAN - 3600 }].flatMap((point) => point ?? []);
    expect(memoryReadings(points, 0)).toEqual({ times: [BEGAN - 3600], bytes: [102 * MIB], earlier: 0 });
  });

  it('are empty if the memory has been unknown for a minute', () => {
    const bytes = [...growing(10), ...constant(6, Number.NaN)];
    const points = pointsWith(bytes, constant(16, 1), 10);
    expect(memoryReadings(points.slice(0, 15), 0).times).toHaveLength(10);
    expect(memoryReadings(points, 0).times).toEqual([]);
  });
});
