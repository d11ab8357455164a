import { describe, expect, it } from 'vitest';
import { type History, markLost, NO_HISTORY, remember } from '../../src/rates/history.ts';
import { firstSample } from '../views/samples.ts';
import { app, appBetween, NEVER_RAN, NOW, worker } from './builders.ts';
import { historyAfter, remembered, type Step, samplesOf } from './histories.ts';

const step = (given: Partial<Step> = {}): Step => ({ seconds: 1, ...given });
const times = (count: number, given: Partial<Step> = {}) => Array.from({ length: count }, () => step(given));

const STRETCHES = ['near', 'hour'] as const;

describe('unknown values', () => {
  it('are the events before the first reading', () => {
    const { near } = historyAfter([step({ requests: 99, busy: 1, queue: 2, rss: 10, harakiris: 1 })]);
    expect(near).toEqual([
      {
        time: NOW + 1,
        seconds: 0,
        requests: null,
        timedRequests: null,
        runningTime: null,
        work: { begun: null, open: null, cut: null, cores: null },
        refused: null,
        tx: null,
        exceptions: null,
        writeErrors: null,
        harakiris: null,
        respawns: null,
        cheap: 0,
        hadCheap: false,
        reloading: false,
        busy: 0.25,
        queue: 2,
        memory: 10,
        marks: [],
      },
    ]);
    // The first reading does not affect the next one.
    expect(historyAfter([step(), step({ requests: 5 })]).near).toEqual([
      expect.objectContaining({ seconds: 1, requests: 5 }),
    ]);
  });

  it('are those of an interval with a reset, which is marked', () => {
    const { near, hour } = historyAfter([
      step(),
      step({ requests: 5 }),
      step({ requests: 3, restarted: true }),
      step({ requests: 7 }),
    ]);
    expect(near.map(({ requests, seconds, marks }) => ({ requests, seconds, marks }))).toEqual([
      { requests: 5, seconds: 1, marks: [] },
      { requests: null, seconds: 1, marks: ['reset'] },
      { requests: 7, seconds: 1, marks: [] },
    ]);
    // The sum is unknown if a part of it is unknown.
    expect(hour).toEqual([
      expect.objectContaining({ requests: null, runningTime: null, tx: null, seconds: 3, marks: ['reset'] }),
    ]);
  });

  it('do not include the running time without requests, which is 0', () => {
    expect(historyAfter([step(), step({ requests: 0 })]).near).toEqual([
      expect.objectContaining({ requests: 0, runningTime: 0 }),
    ]);
  });

  it('are the queue of unix sockets, and the memory without memory-report', () => {
    const { near } = historyAfter([step({ queue: null }), step({ queue: null })]);
    expect(near).toEqual([expect.objectContaining({ queue: null, memory: null })]);
    // Once known, the longest queue and the last memory remain.
    const { hour } = historyAfter([step(), step({ queue: 4, rss: 9 }), step({ queue: null, rss: null })]);
    expect(hour).toEqual([expect.objectContaining({ queue: 4, memory: 9 })]);
  });

  it('of workers that do not run do not make the memory unknown', () => {
    const workers = [worker({ rss: 100 }), { ...NEVER_RAN, rss: null }, worker({ rss: 20 })];
    const { near } = remember(NO_HISTORY, appBetween(null, app(workers)));
    expect(near[0]?.memory).toBe(120);
  });

  it('include the busy share if the cores are unknown, because a busy worker may have free cores', () => {
    const workers = [worker({ cores: [], status: 'busy' }), worker({ cores: [] })];
    expect(remember(NO_HISTORY, appBetween(null, app(workers))).near[0]?.busy).toBe(null);
    expect(remember(NO_HISTORY, appBetween(null, app([NEVER_RAN]))).near[0]?.busy).toBe(null);
  });

  it('do not come from an emperor or a router, which leave the points unchanged', () => {
    const history = historyAfter(times(3));
    for (const name of ['emperor', 'routers'])
      for (const before of [history, NO_HISTORY])
        expect(remember(before, firstSample(name))).toMatchObject({ near: before.near, hour: before.hour });
  });
});

describe('marks', () => {
  const marks = ({ near, hour }: History) => ({
    near: near.map((point) => point.marks),
    hour: hour.map((point) => point.marks),
  });

  it('are for new events, not for the counts of the first reading', () => {
    const history = historyAfter([
      step({ harakiris: 3, respawns: 3 }),
      step(),
      step({ harakiris: 1 }),
      step(),
      step({ respawns: 2 }),
      step({ harakiris: 1, respawns: 1 }),
    ]);
    expect(marks(history)).toEqual({
      near: [[], ['harakiri'], [], ['respawn'], ['harakiri', 'respawn']],
      hour: [['harakiri', 'respawn']],
    });
  });

  it('contain one lost mark for several failures, and the next sample is a new point', () => {
    const samples = samplesOf([...times(3, { seconds: 0.1 }), step({ seconds: 0.1, requests: 9 })]);
    const known = remembered(samples.slice(0, -1));
    const lost = markLost(markLost(markLost(known)));
    expect(lost).toEqual(markLost(known));
    expect(marks(lost)).toEqual({ near: [['lost']], hour: [['lost']] });
    const back = remembered(samples.slice(-1), lost);
    expect(marks(back)).toEqual({ near: [['lost'], []], hour: [['lost'], []] });
    for (const name of STRETCHES) expect(back[name].at(-1)).toMatchObject({ requests: 9 });
    expect(back.near[0]).toEqual(lost.near[0]);
  });

  it('are added to those of the same point', () => {
    expect(marks(markLost(historyAfter([step(), step({ harakiris: 1 })]))).near).toEqual([
      ['harakiri', 'lost'],
    ]);
  });

  it('need a point', () => {
    expect(markLost(NO_HISTORY)).toEqual(NO_HISTORY);
  });
});
