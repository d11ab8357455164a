import { describe, expect, it } from 'vitest';
import { completePoints, type History, markLost, NO_HISTORY, remember } from '../../src/rates/history.ts';
import { type Step, samplesOf } from './histories.ts';

/** The histories after each of these steps. */
function histories(steps: readonly Step[]): History[] {
  let history = NO_HISTORY;
  return samplesOf(steps).map((sample) => {
    history = remember(history, sample);
    return history;
  });
}

const every = (seconds: number, count: number): Step[] =>
  Array.from({ length: count }, (_, at) => ({ seconds, requests: at % 7, each: 0.01 }));

describe('the complete points of a history', () => {
  it.each([1, 2, 10])('are all points with a read every %d s', (seconds) => {
    for (const history of histories(every(seconds, 30))) expect(completePoints(history)).toBe(history.near);
  });

  it('are the same list until the next second is complete, in fast mode', () => {
    const all = histories(every(0.1, 101)).slice(20);
    const lists = new Set(all.map(completePoints));
    expect(lists.size).toBeLessThanOrEqual(10);
    for (const list of lists) for (const { seconds } of list) expect(seconds).toBeCloseTo(1, 6);
  });

  it('are all points that no later sample changes', () => {
    const all = histories(every(0.1, 60));
    for (const [at, history] of all.entries()) {
      const complete = completePoints(history);
      const later = all.at(-1)?.near ?? [];
      if (history.near.length > 1) expect(later.slice(0, complete.length)).toEqual(complete);
      expect(complete.length).toBeGreaterThanOrEqual(Math.min(1, at));
      expect(history.near.length - complete.length).toBeLessThanOrEqual(1);
    }
  });

  it('have the first point before a second is complete', () => {
    const [first, second] = histories(every(0.1, 2));
    expect(first && completePoints(first)).toBe(first?.near);
    expect(second && completePoints(second)).toBe(second?.near);
  });

  it('have the last point when the connection is lost', () => {
    const last = histories(every(0.1, 35)).at(-1) ?? NO_HISTORY;
    expect(completePoints(last)).toHaveLength(last.near.length - 1);
    const lost = markLost(last);
    expect(completePoints(lost)).toBe(lost.near);
  });

  it('lose the oldest point with the history', () => {
    for (const history of histories(every(0.1, 6100)).slice(5990)) {
      expect(completePoints(history)[0]).toBe(history.near[0]);
    }
  });
});
