import { describe, expect, it } from 'vitest';
import { periodAt, periodsOf, placeOf } from '../../src/summaries/periods.ts';

const MIDNIGHT = Date.UTC(2026, 10, 22) / 1000;
const at = (hours: number, minutes = 0) => MIDNIGHT + hours * 3600 + minutes * 60;

describe('periods', () => {
  it.each([
    [1, 1],
    [60, 5],
    [600, 30],
    [3600, 300],
    [86_400, 7200],
    [7 * 86_400, 43_200],
    [365 * 86_400, 3 * 604_800],
  ])('of %d seconds have %d seconds each', (seconds, length) => {
    const periods = periodsOf({ since: MIDNIGHT, until: MIDNIGHT + seconds }, 0);
    expect(periods.length).toBe(length);
    expect(periods.count).toBeLessThanOrEqual(21);
  });

  it.each([
    [40, 5, 10],
    [40, 10, 30],
    [3600, 60, 300],
    [60, 3600, 7200],
  ])('of %d seconds with a reading every %d seconds have %d seconds each', (seconds, interval, length) => {
    const time = { since: MIDNIGHT, until: MIDNIGHT + seconds };
    expect(periodsOf(time, 0, undefined, interval).length).toBe(length);
    expect(periodsOf(time, 0, 2, interval).length).toBe(2);
  });

  it('begin at multiples of their length in local time, and are cut to the whole time', () => {
    const kathmandu = 5.75 * 3600;
    const periods = periodsOf({ since: at(8, 2), until: at(9, 50) }, kathmandu, 3600);
    const all = Array.from({ length: periods.count }, (_, place) => periodAt(periods, place));
    expect(all).toEqual([
      { since: at(8, 2), until: at(8, 15) },
      { since: at(8, 15), until: at(9, 15) },
      { since: at(9, 15), until: at(9, 50) },
    ]);
    expect([at(8, 2), at(8, 15), at(9, 50)].map((time) => placeOf(periods, time))).toEqual([0, 1, 2]);
  });

  it('have no last one of no length, but one of a single moment', () => {
    const hour = periodsOf({ since: at(8), until: at(9) }, 0, 1800);
    expect([hour.count, placeOf(hour, at(9))]).toEqual([2, 1]);
    expect(periodsOf({ since: at(8), until: at(8) }, 0, 60).count).toBe(1);
  });
});
