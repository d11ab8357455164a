import { describe, expect, it } from 'vitest';
import { markLost } from '../../src/rates/history.ts';
import { type Usage, usageOf } from '../../src/rates/usage.ts';
import { CORES, historyAfter, remembered, type Step, samplesOf } from './histories.ts';

const times = (count: number, given: Partial<Step> = {}): Step[] =>
  Array.from({ length: count }, () => ({ seconds: 1, ...given }));

/** The usage by stretch; the first step has no interval. */
function usageAfter(...steps: Step[]): Partial<Record<Usage['stretch'], Usage>> {
  const found = usageOf(historyAfter([{ seconds: 1 }, ...steps]));
  return Object.fromEntries(found.map((usage) => [usage.stretch, usage]));
}

describe('with a steady load', () => {
  // 20 requests of 0.05 s per second: one of the four cores is always busy.
  const { interval, minute, tenMinutes, hour } = usageAfter(
    ...times(700, { requests: 20, each: 0.05, busy: 1 }),
  );

  it('every stretch has the same values, for the time that is known', () => {
    for (const usage of [interval, minute, tenMinutes]) {
      expect(usage).toMatchObject({
        rps: expect.closeTo(20),
        responseTime: expect.closeTo(0.05),
        busy: expect.closeTo(1 / CORES),
      });
    }
    expect([interval, minute, tenMinutes].map((usage) => Math.round(usage?.seconds ?? 0))).toEqual([
      1, 60, 600,
    ]);
    // For the hour hardly more is known than for ten minutes.
    expect(hour).toBeUndefined();
  });
});

it('a request that does not end counts as busy', () => {
  const { minute } = usageAfter(...times(60, { requests: 10, each: 0.05, busy: 2 }));
  expect(minute?.busy).toBeCloseTo(0.5);
});

it('the end of a long request does not change the busy share', () => {
  // A download of an hour on a server with little other traffic.
  const { minute } = usageAfter(...times(59, { requests: 10, each: 0.01, busy: 1 }), {
    seconds: 1,
    requests: 1,
    each: 3600,
  });
  expect(minute?.busy).toBeCloseTo(59 / 60 / CORES);
});

it('without requests there is no response time, but the server can be busy', () => {
  const { minute } = usageAfter(...times(200, { requests: 10, each: 0.1 }), ...times(60, { busy: 1 }));
  expect(minute).toMatchObject({ requests: 0, responseTime: null, busy: expect.closeTo(1 / CORES) });
});

describe('a stretch', () => {
  const load = { requests: 20, each: 0.05, busy: 1 };

  it('covers the time of its points, also if the clock was set', () => {
    const { near, ...history } = historyAfter([{ seconds: 1 }, ...times(300, load)]);
    const set = near.map((point, at) => (at < 200 ? point : { ...point, time: point.time - 3600 }));
    const minute = usageOf({ ...history, near: set }).find(({ stretch }) => stretch === 'minute');
    expect(minute?.seconds).toBeCloseTo(60);
    expect(minute?.rps).toBeCloseTo(20);
  });

  it('does not use a point that is longer than itself', () => {
    const { minute } = usageAfter(...times(5, { ...load, seconds: 300 }));
    expect(minute).toBeUndefined();
    expect(usageAfter(...times(5, { ...load, seconds: 60.02 })).tenMinutes?.seconds).toBeCloseTo(300.1);
  });

  it('of one interval is the last sample only, for any number of reads per second', () => {
    const { interval } = usageAfter(...times(7, { seconds: 0.1, requests: 3, each: 0.01 }), {
      seconds: 0.1,
      requests: 50,
      each: 0.001,
    });
    expect(interval).toMatchObject({ seconds: expect.closeTo(0.1), requests: 50 });
  });

  it('counts the first read after an outage as one second', () => {
    const samples = samplesOf([
      { seconds: 1 },
      ...times(30, { requests: 5, each: 0.01 }),
      { seconds: 20, requests: 100, each: 0.01, busy: CORES },
      ...times(9, { requests: 5, each: 0.01 }),
    ]);
    const before = markLost(remembered(samples.slice(0, 31)));
    const lost = usageOf(remembered(samples.slice(31), before)).find(({ stretch }) => stretch === 'minute');
    expect(lost?.busy).toBeCloseTo(1 / 40);
  });
});

describe('unknown intervals', () => {
  it('leave no usage before the first interval', () => {
    expect(usageAfter()).toEqual({});
  });

  it('are left out after a reset of the counters', () => {
    const load = { requests: 10, each: 0.1, busy: 1 };
    const { interval, minute } = usageAfter(
      ...times(30, load),
      { seconds: 1, ...load, restarted: true },
      ...times(10, load),
    );
    expect(minute).toMatchObject({ seconds: 40, requests: 400, rps: expect.closeTo(10) });
    expect(interval?.seconds).toBe(1);
    // The interval itself has no usage.
    const { interval: none } = usageAfter(...times(30, load), { seconds: 1, ...load, restarted: true });
    expect(none).toBeUndefined();
  });
});
