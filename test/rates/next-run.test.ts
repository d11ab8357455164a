import { describe, expect, it } from 'vitest';
import { nextRun } from '../../src/rates/next-run.ts';
import type { Cron } from '../../src/stats/snapshot.ts';

process.env.TZ = 'UTC';

const EVERY = { minute: -1, hour: -1, day: -1, month: -1, week: -1 };
const cron = (given: Partial<Cron>): Cron => ({
  ...EVERY,
  ...{ command: null, unique: true, legion: null, pid: 1, startedAt: null },
  ...given,
});
const instant = (text: string) => Date.parse(`${text}Z`) / 1000;

/** The time at which the run after `started` was due, searched for up to a year later. */
function next(given: Partial<Cron>, started: string): string | null {
  const begin = instant(started);
  const due = nextRun(cron(given), begin, begin + 390 * 86_400);
  return due === null ? null : new Date(due * 1000).toISOString().slice(0, 19);
}

describe('the next run of a cron', () => {
  it.each<[Partial<Cron>, string, string | null]>([
    [{}, '2026-11-24T10:00:20', '2026-11-24T10:01:20'],
    [{ minute: -5 }, '2026-11-24T10:05:03', '2026-11-24T10:10:00'],
    [{ minute: -40 }, '2026-11-24T10:40:03', '2026-11-24T11:00:00'],
    [{ minute: 15 }, '2026-11-24T23:15:00', '2026-11-25T00:15:00'],
    [{ minute: 0, hour: -6 }, '2026-11-24T18:00:00', '2026-11-25T00:00:00'],
    [{ minute: -10, hour: 3 }, '2026-11-24T03:50:00', '2026-11-25T03:00:00'],
    [{ minute: 30, hour: 3 }, '2026-11-24T03:30:00', '2026-11-25T03:30:00'],
    [{ minute: 0, hour: 4, week: 1 }, '2026-11-23T04:00:00', '2026-11-30T04:00:00'],
    [{ minute: 0, hour: 4, week: 7 }, '2026-11-22T04:00:00', '2026-11-29T04:00:00'],
    [{ minute: 0, hour: 4, day: 1 }, '2026-11-01T04:00:00', '2026-12-01T04:00:00'],
    [{ minute: 0, hour: 4, day: 1, month: 1 }, '2026-01-01T04:00:00', '2027-01-01T04:00:00'],
    // A day of the month or a day of the week.
    [{ minute: 0, hour: 4, day: 25, week: 1 }, '2026-11-23T04:00:00', '2026-11-25T04:00:00'],
    // Another time zone, or an invalid time.
    [{ minute: 30, hour: 3 }, '2026-11-24T05:30:00', null],
    [{ minute: 75 }, '2026-11-24T05:30:00', null],
    [{ hour: null }, '2026-11-24T05:30:00', null],
  ])('%j after %s is at %s', (given, started, due) => {
    expect(next(given, started)).toBe(due);
  });

  it('is null before it is due', () => {
    const started = instant('2026-11-24T10:00:20');
    expect(nextRun(cron({}), started, started + 59)).toBeNull();
    expect(nextRun(cron({}), started, started + 60)).toBe(started + 60);
  });

  it('is found quickly for an impossible date', () => {
    for (const started of [0, 1, 1e18, Number.NaN])
      expect(nextRun(cron({ day: 31, month: 2 }), started, 2e18)).toBeNull();
  });
});
