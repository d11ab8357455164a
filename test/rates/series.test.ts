import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mark, Point } from '../../src/rates/point.ts';
import { marksOver, series, type TimeAxis } from '../../src/rates/series.ts';
import { pointsOf } from '../views/histories.ts';
import { NOW } from './builders.ts';

/** The number of a point that the tests follow. */
const memory = ({ memory }: Point) => memory;

/** Points without gaps, from any time, and a time axis that ends at any place among the last of them. */
const tiled = fc
  .record({
    lengths: fc.array(fc.double({ min: 0.05, max: 40, noNaN: true }), { minLength: 1, maxLength: 40 }),
    values: fc.infiniteStream(fc.double({ min: 0, max: 1000, noNaN: true })),
    from: fc.double({ min: 0, max: 100, noNaN: true }),
    seconds: fc.constantFrom(60, 120, 300, 600, 3600),
    parts: fc.integer({ min: 1, max: 200 }),
    before: fc.double({ min: 0, max: 20, noNaN: true }),
  })
  .map(({ lengths, values, from, seconds, parts, before }) => {
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const end = NOW + from + total;
    const given = lengths.map((seconds) => ({ seconds, memory: values.next().value ?? 0 }));
    const stretch: TimeAxis = { end: end - Math.min(before, total), seconds, parts };
    return { points: pointsOf(given, end), start: end - total, end, stretch };
  });

/** The start and the length of each part. */
function partsOf({ end, seconds, parts }: TimeAxis): { begins: number; length: number }[] {
  const length = seconds / parts;
  const last = Math.floor(end / length);
  return Array.from({ length: parts }, (_, part) => ({ begins: (last - parts + 1 + part) * length, length }));
}

/** Times of this size have no further digits. */
const HAIR = 1e-5;

describe('a number over time', () => {
  it('has the requested number of parts, the last of which contains the end', () => {
    const points = pointsOf([{ seconds: 10, memory: 7 }], NOW + 10);
    // Parts of 4 s; NOW is a multiple of 4.
    expect(series(points, { end: NOW + 9, seconds: 20, parts: 5 }, memory)).toEqual([null, null, 7, 7, 7]);
    expect(series(points, { end: NOW + 15.9, seconds: 20, parts: 5 }, memory)).toEqual([null, 7, 7, 7, null]);
    expect(series(points, { end: NOW + 16, seconds: 20, parts: 5 }, memory)).toEqual([7, 7, 7, null, null]);
  });

  it('is known only for parts that a point reaches', () => {
    fc.assert(
      fc.property(tiled, ({ points, start, end, stretch }) => {
        const values = series(points, stretch, memory);
        expect(values).toHaveLength(stretch.parts);
        for (const [part, { begins, length }] of partsOf(stretch).entries()) {
          const reached = Math.min(end, begins + length) - Math.max(start, begins);
          if (reached > HAIR) expect(values[part]).not.toBeNull();
          if (reached < -HAIR) expect(values[part]).toBeNull();
        }
      }),
    );
  });

  it('is constant for constant values', () => {
    fc.assert(
      fc.property(tiled, fc.double({ min: 0, max: 1e6, noNaN: true }), ({ points, stretch }, constant) => {
        for (const value of series(points, stretch, () => constant))
          if (value !== null) expect(value).toBeCloseTo(constant, 4);
      }),
    );
  });

  it('preserves the total', () => {
    fc.assert(
      fc.property(tiled, ({ points, start, end, stretch }) => {
        // Long enough for all points, with at least two parts.
        const whole: TimeAxis = { end, seconds: 2 * (end - start) + 1, parts: stretch.parts + 1 };
        const values = series(points, whole, memory);
        const sum = partsOf(whole).reduce((sum, { begins, length }, part) => {
          const reached = Math.min(end, begins + length) - Math.max(start, begins);
          return sum + (reached > 0 ? (values[part] ?? 0) * reached : 0);
        }, 0);
        const given = points.reduce((sum, { seconds, memory }) => sum + seconds * (memory ?? 0), 0);
        expect(Math.abs(sum - given)).toBeLessThan(0.05 + given * 1e-4);
      }),
    );
  });

  it('is the mean of the points in a part, weighted by their overlap', () => {
    const points = pointsOf(
      [
        { seconds: 1, memory: 100 },
        { seconds: 3, memory: 20 },
      ],
      NOW + 4,
    );
    const [value] = series(points, { end: NOW + 3.5, seconds: 4, parts: 1 }, memory);
    expect(value).toBeCloseTo((1 * 100 + 3 * 20) / 4, 5);
    // Unknown values are ignored.
    const [known] = series(points, { end: NOW + 3.5, seconds: 4, parts: 1 }, ({ memory }) =>
      memory === 20 ? null : memory,
    );
    expect(known).toBe(100);
  });

  it('keeps its shape when the axis moves', () => {
    fc.assert(
      fc.property(tiled, fc.double({ min: 0, max: 90, noNaN: true }), ({ points, stretch }, later) => {
        const moved = { ...stretch, end: stretch.end + later };
        const length = stretch.seconds / stretch.parts;
        const by = Math.floor(moved.end / length) - Math.floor(stretch.end / length);
        expect(series(points, moved, memory).slice(0, Math.max(0, stretch.parts - by))).toEqual(
          series(points, stretch, memory).slice(by),
        );
      }),
    );
  });

  it('does not move within a part', () => {
    const points = pointsOf(
      Array.from({ length: 60 }, (_, at) => ({ memory: at * at })),
      NOW + 60,
    );
    const at = (end: number) => series(points, { end: NOW + end, seconds: 60, parts: 15 }, memory);
    expect(at(43.9)).toEqual(at(40));
    expect(at(44).slice(0, -1)).toEqual(at(40).slice(1));
  });

  it('has gaps for unknown values', () => {
    const points = pointsOf([{ memory: 1 }, { memory: null }, { memory: null }, { memory: 4 }], NOW + 4);
    const stretch = { end: NOW + 3.5, seconds: 4, parts: 4 };
    expect(series(points, stretch, memory)).toEqual([1, null, null, 4]);
    expect(series(points.slice(0, 1).concat(points.slice(3)), stretch, memory)).toEqual([1, null, null, 4]);
    expect(series([], stretch, memory)).toEqual([null, null, null, null]);
  });

  it('fills all parts that a long point covers', () => {
    const points = pointsOf([{ seconds: 30, memory: 5 }], NOW + 30);
    expect(series(points, { end: NOW + 29, seconds: 40, parts: 20 }, memory)).toEqual([
      ...Array(5).fill(null),
      ...Array(15).fill(5),
    ]);
  });

  it('ignores points before and after the axis', () => {
    const points = pointsOf([{ memory: 1 }, { memory: 2 }, { memory: 3 }, { memory: 4 }], NOW + 4);
    expect(series(points, { end: NOW + 2.5, seconds: 2, parts: 2 }, memory)).toEqual([2, 3]);
    expect(series(points, { end: NOW + 500, seconds: 4, parts: 2 }, memory)).toEqual([null, null]);
    expect(series(points, { end: NOW - 500, seconds: 4, parts: 2 }, memory)).toEqual([null, null]);
  });

  it('treats a first reading, which covers no time, as one second', () => {
    const first = pointsOf([{ seconds: 0, memory: 99 }], NOW + 2);
    const stretch = { end: NOW + 3.5, seconds: 4, parts: 4 };
    expect(series(first, stretch, memory)).toEqual([null, 99, null, null]);
  });
});

describe('marks over time', () => {
  const stretch = { end: NOW + 19, seconds: 20, parts: 5 };
  const at = (seconds: number, ...marks: Mark[]) => pointsOf([{ marks }], NOW + seconds);
  const over = (...points: Point[][]) => marksOver(points.flat(), stretch);

  it('are in the part in which they were observed', () => {
    expect(over(at(0, 'reset'), at(7.9, 'harakiri'), at(8, 'respawn'), at(19, 'lost'))).toEqual([
      'reset',
      'harakiri',
      'respawn',
      null,
      'lost',
    ]);
  });

  it('show the most important one of a part', () => {
    const weights: Mark[] = ['lost', 'reset', 'harakiri', 'respawn'];
    for (const [index, heavy] of weights.entries()) {
      for (const light of weights.slice(index)) {
        for (const found of [
          over(at(5, heavy), at(6, light)),
          over(at(5, light), at(6, heavy)),
          over(at(5, light, heavy)),
          over(at(5, heavy), at(6), at(7)),
        ])
          expect(found).toEqual([null, heavy, null, null, null]);
      }
    }
  });

  it('ignore times outside the axis', () => {
    expect(over(at(-0.1, 'lost'), at(20, 'lost'), at(1e6, 'reset'), at(-1e6, 'reset'))).toEqual(
      Array(5).fill(null),
    );
    expect(over()).toEqual(Array(5).fill(null));
  });
});
