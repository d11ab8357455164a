import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../src/rates/point.ts';
import type { Chart, Frame } from '../../src/views/frame.ts';
import { MEASURES } from '../../src/views/measures.ts';
import { screen } from '../../src/views/screen.ts';
import { around, busyFor, chartsOf, LARGE, SIZE } from './charting.ts';
import { historyOf, ratesOf } from './histories.ts';
import { LOOKED_AT } from './samples.ts';

/** The chart of a measure on a screen with room for all charts. */
function curveOf(frame: Frame, title: string): Chart {
  const found = frame.charts.find((chart) => around(frame, chart).title.startsWith(`${title}: `));
  if (!found) throw new Error(`no curve of ${title}`);
  return found;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  '%': 0.01,
  ms: 0.001,
  s: 1,
  B: 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
};

/** The value of a label beside a curve. */
function numberOf(label: string): number {
  const [, minutes, rest] = /^(\d+)m(\d\d)s$/.exec(label) ?? [];
  if (minutes !== undefined) return 60 * Number(minutes) + Number(rest);
  const [, digits = '', unit = ''] = /^([\d.,]+)(\D*)$/.exec(label) ?? [];
  return Number(digits.replaceAll(',', '') || Number.NaN) * (UNITS[unit] ?? Number.NaN);
}

describe('a curve', () => {
  /** The dots of the curve that lie within a single second, with the point of that second. */
  function seconds(chart: Chart, near: readonly Point[], stretch = 60) {
    const length = stretch / chart.points.length;
    const first = Math.floor(LOOKED_AT / length) - chart.points.length + 1;
    return chart.points.flatMap((height, part) => {
      const begins = (first + part) * length;
      const point = near.find(
        ({ time, seconds }) => begins > time - seconds + 1e-4 && begins + length < time - 1e-4,
      );
      return point ? [{ height, point }] : [];
    });
  }

  it('has two dots per column, and uses the width beside its numbers', () => {
    for (const columns of [30, 59, 80, 119]) {
      for (const chart of screen(chartsOf(busyFor(60)), { ...SIZE, columns }).charts) {
        expect(chart.left + chart.columns).toBe(columns);
        expect(chart.points).toHaveLength(2 * chart.columns);
      }
    }
  });

  it('has the height of its values, in proportion to the number at its top, which is the maximum', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    const scale = fc.constantFrom(1e-5, 1e-3, 0.1, 1, 3, 20, 100, 900, 5000, 1e5);
    // Without requests there is no response time.
    const some = value.map((share) => Math.max(share, 1e-3));
    const points = fc.array(fc.record({ a: some, b: value, c: value }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(points, scale, scale, (points, much, long) => {
        const history = historyOf(
          points.map(({ a, b, c }) => ({
            requests: a * much,
            runningTime: a * much * b * Math.min(long, 900),
            tx: b * much * 1e3,
            exceptions: c * much,
            busy: c,
            queue: Math.round(b * 100),
            memory: (a + c) * much * 1e4,
          })),
        );
        const frame = screen(chartsOf(history), LARGE);
        for (const { title, value } of MEASURES) {
          const chart = curveOf(frame, title);
          const { top: label, bottom } = around(frame, chart);
          const top = numberOf(label);
          expect(bottom).toBe('0');
          const known = seconds(chart, history.near);
          expect(known.length).toBeGreaterThan(30);
          for (const { height, point } of known) {
            const y = value(point);
            if (y === null) continue;
            expect(y).toBeLessThanOrEqual(top * (1 + 1e-6));
            // A label has at least two digits.
            expect(Math.abs((height ?? Number.NaN) * top - y)).toBeLessThanOrEqual(top * 0.03);
          }
          for (const height of chart.points) {
            expect(height ?? 0).toBeGreaterThanOrEqual(-1e-5);
            expect(height ?? 0).toBeLessThanOrEqual(1 + 1e-5);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('uses at least a fifth of its height, unless the values are very low', () => {
    for (const highest of [1, 1.1, 2, 2.1, 5, 5.1, 9.9, 10, 99, 101, 999, 1000, 1001, 1e5]) {
      const frame = screen(chartsOf(ratesOf([highest, highest])), LARGE);
      for (const title of ['requests per second', 'sent per second'])
        expect(Math.max(...curveOf(frame, title).points.map((height) => height ?? 0))).toBeGreaterThan(0.2);
    }
    const low = screen(chartsOf(ratesOf([0.01, 0.01])), LARGE);
    expect(Math.max(...curveOf(low, 'requests per second').points.map((height) => height ?? 0))).toBeCloseTo(
      0.01,
      6,
    );
  });

  it('has a gap for unknown values', () => {
    const frame = screen(
      chartsOf(ratesOf([...Array(20).fill(1), ...Array(20).fill(null), ...Array(20).fill(1)])),
      LARGE,
    );
    const { points } = curveOf(frame, 'requests per second');
    const third = points.length / 3;
    expect(points.slice(third + 2, 2 * third - 2)).toEqual(points.slice(third + 2, 2 * third - 2).fill(null));
    for (const height of [...points.slice(2, third - 2), ...points.slice(2 * third + 2, -2)])
      expect(height).toBeCloseTo(1, 6);
  });

  it('does not begin before the first value', () => {
    const { points } = curveOf(screen(chartsOf(ratesOf(Array(15).fill(1))), LARGE), 'requests per second');
    const known = points.filter((height) => height !== null).length / points.length;
    expect(known).toBeGreaterThan(15 / 60 - 0.02);
    expect(known).toBeLessThan(15 / 60 + 0.02);
    expect(points[0]).toBeNull();
  });
});
