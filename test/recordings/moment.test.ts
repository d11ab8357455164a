import { describe, expect, it } from 'vitest';
import { limitsText, type Moment, momentOf, timeOf, timeWithin } from '../../src/recordings/moment.ts';

/** Unix seconds of a local time on a day of November 2026. */
const at = (day: number, hours: number, minutes = 0) =>
  new Date(2026, 10, day, hours, minutes).getTime() / 1000;

function found(text: string, start: number, end: number): number {
  const moment = momentOf(text);
  if (moment === null) throw new Error(`not a time: ${text}`);
  return timeOf(moment, { start, end });
}

describe('a time without a date', () => {
  it.each([
    ['is the last one in a recording of several days', '08:00', at(26, 7), at(29, 16), at(29, 8)],
    ['is of the day before, if the last day has not reached it', '18:00', at(26, 7), at(29, 16), at(28, 18)],
    ['is within a recording across midnight', '23:55', at(28, 23), at(29, 1), at(28, 23, 55)],
    ['is after the end, if that is nearest', '16:30', at(29, 16, 11), at(29, 16, 12), at(29, 16, 30)],
    ['is before the begin, if that is nearest', '16:00', at(29, 16, 11), at(29, 16, 12), at(29, 16)],
    ['can be of the day after the end', '00:10', at(28, 23, 50), at(28, 23, 58), at(29, 0, 10)],
  ])('%s', (_, text, start, end, expected) => {
    expect(found(text, start, end)).toBe(expected);
  });

  it('can be in UTC', () => {
    const end = Date.UTC(2026, 10, 29, 16, 11) / 1000;
    expect(found('16:10Z', end - 600, end)).toBe(end - 60);
    expect(found('16:30Z', end - 600, end)).toBe(end + 19 * 60);
  });
});

it('keeps the date that was given', () => {
  expect(found('2026-11-02 08:10', at(28, 0), at(29, 0))).toBe(at(2, 8, 10));
});

it('is not in a period that begins more than a minute later, or ended more than a minute earlier', () => {
  const period = { start: at(28, 8), end: at(28, 9) };
  const within = (text: string) => timeWithin(momentOf(text) as Moment, period);
  expect(within('2026-11-28 08:30')).toBe(at(28, 8, 30));
  expect(within('2026-11-28 09:01')).toBe(period.end);
  expect(within('2026-11-28 07:59')).toBe(period.start);
  expect([within('2026-11-28 09:02'), within('2026-11-28 07:58')]).toEqual([null, null]);
  expect(limitsText('a', period)).toBe('a begins at 2026-11-28 08:00:00 and ends at 2026-11-28 09:00:00');
});
