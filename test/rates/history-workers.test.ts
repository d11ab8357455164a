import { describe, expect, it } from 'vitest';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import type { Worker } from '../../src/stats/snapshot.ts';
import { app, appBetween, worker } from './builders.ts';

describe('the workers of the last hour', () => {
  const two = (a: Partial<Worker>, b: Partial<Worker>) => app([worker(a), worker(b)]);
  const workersAfter = (...snapshots: ReturnType<typeof app>[]) => {
    const history = snapshots.reduce(
      (history, snapshot, at) => remember(history, appBetween(snapshots[at - 1] ?? null, snapshot)),
      NO_HISTORY,
    );
    expect(history.hour).toHaveLength(1);
    const { requests, runningTime, memory } = history.hour[0]?.workers ?? {};
    return {
      requests: [...(requests ?? [])],
      runningTime: [...(runningTime ?? [])],
      memory: [...(memory ?? [])],
    };
  };

  it('have sums in the order of the document, and the last memory', () => {
    const workers = workersAfter(
      two({ requests: 10, runningTime: 1, rss: 5 }, { requests: 20, runningTime: 2, rss: 6 }),
      two({ requests: 11, runningTime: 1.5, rss: 7 }, { requests: 24, runningTime: 2.25, rss: 8 }),
      two({ requests: 13, runningTime: 1.75, rss: 9 }, { requests: 25, runningTime: 2.5, rss: 10 }),
    );
    expect(workers).toEqual({ requests: [3, 5], runningTime: [0.75, 0.5], memory: [9, 10] });
  });

  it('are unknown before the second reading', () => {
    expect(workersAfter(two({ rss: 5 }, { rss: null }))).toEqual({
      requests: [Number.NaN, Number.NaN],
      runningTime: [Number.NaN, Number.NaN],
      memory: [5, Number.NaN],
    });
  });

  it('are unknown for a stretch with an unknown part', () => {
    const workers = workersAfter(
      two({ requests: 10 }, { requests: 20 }),
      two({ requests: 14 }, { requests: 25 }),
      two({ requests: 15 }, { requests: null }),
      two({ requests: 16 }, { requests: 30 }),
    );
    expect(workers.requests).toEqual([6, Number.NaN]);
  });

  it('have no values before they appear, and are removed when they disappear', () => {
    const one = app([worker({ requests: 10 })]);
    const both = two({ requests: 14 }, { requests: 3 });
    const more = two({ requests: 15 }, { requests: 9 });
    expect(workersAfter(one, both).requests).toEqual([4, Number.NaN]);
    expect(workersAfter(one, both, more).requests).toEqual([5, Number.NaN]);
    expect(workersAfter(both, more, app([worker({ requests: 16 })])).requests).toEqual([2]);
  });
});
