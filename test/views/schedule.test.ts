import { describe, expect, it } from 'vitest';
import { schedule } from '../../src/views/schedule.ts';

const cron = (minute: number, hour: number, day: number, month: number, week: number) => ({
  minute,
  hour,
  day,
  month,
  week,
});

describe('a schedule in words', () => {
  it.each([
    [cron(-1, -1, -1, -1, -1), 'every min'],
    [cron(-5, -1, -1, -1, -1), 'every 5 min'],
    [cron(15, -1, -1, -1, -1), 'hourly at :15'],
    [cron(0, -2, -1, -1, -1), 'at :00 every 2 h'],
    [cron(-10, -2, -1, -1, -1), 'every 10 min every 2 h'],
    [cron(-10, 3, -1, -1, -1), 'every 10 min from 03:00 to 03:59'],
    [cron(30, 3, -1, -1, -1), 'daily at 03:30'],
    [cron(0, 2, -1, -1, 1), 'Mon at 02:00'],
    [cron(0, 2, -1, -1, 0), 'Sun at 02:00'],
    [cron(0, 2, -1, -1, 7), 'Sun at 02:00'],
    [cron(0, 0, 1, -1, -1), 'on day 1 at 00:00'],
    [cron(0, 0, 1, 1, -1), '1 Jan at 00:00'],
    [cron(0, 0, -1, 12, -1), 'in Dec at 00:00'],
    [cron(0, 0, -2, -1, -1), 'every 2 days at 00:00'],
    [cron(0, 0, 1, -3, -1), 'on day 1 every 3 months at 00:00'],
    [cron(59, 23, -1, 2, 5), 'Fri in Feb at 23:59'],
  ])('%j: %s', (when, words) => {
    expect(schedule(when)).toBe(words);
  });

  it('is null if a part of it is unknown', () => {
    expect(schedule({ ...cron(0, 0, -1, -1, -1), week: null })).toBeNull();
  });
});
