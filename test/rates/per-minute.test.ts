import { expect, it } from 'vitest';
import { perMinute } from '../../src/rates/per-minute.ts';
import type { Point } from '../../src/rates/point.ts';
import { historyOf } from '../views/histories.ts';

const exceptions = (given: readonly Partial<Point>[]) =>
  perMinute(historyOf(given), (point) => point.exceptions);
const seconds = (count: number, given: Partial<Point>) => Array.from({ length: count }, () => given);

it('is the number of events in the last minute', () => {
  expect(exceptions([...seconds(100, { exceptions: 9 }), ...seconds(60, { exceptions: 1 })])).toBe(60);
  expect(exceptions(seconds(100, { exceptions: 0 }))).toBe(0);
});

it('extrapolates from a shorter time only with enough events', () => {
  expect(exceptions([...seconds(9, { exceptions: 0 }), { exceptions: 1 }])).toBe(1);
  expect(exceptions(seconds(9, { exceptions: 1 }))).toBe(9);
  expect(exceptions(seconds(10, { exceptions: 1 }))).toBe(60);
  expect(exceptions(seconds(4, { exceptions: 3 }))).toBe(180);
});

it('is a share of the events if the interval is longer than a minute', () => {
  expect(exceptions([{ seconds: 300, exceptions: 10 }])).toBe(2);
});

it('is unknown without some known seconds, and ignores unknown ones', () => {
  expect(exceptions([])).toBeNull();
  expect(exceptions([{ seconds: 0, exceptions: 5 }])).toBeNull();
  expect(exceptions(seconds(2, { exceptions: 1 }))).toBeNull();
  expect(exceptions(seconds(60, { exceptions: null }))).toBeNull();
  expect(exceptions([...seconds(50, { exceptions: null }), ...seconds(5, { exceptions: 1 })])).toBe(5);
});
