import { describe, expect, it } from 'vitest';
import { type History, markLost, NO_HISTORY, remember } from '../../src/rates/history.ts';
import { firstSample } from '../views/samples.ts';
import { app, appBetween, NEVER_RAN, NOW, worker } from './builders.ts';
import { historyAfter, remembered, type Step, samplesOf } from './histories.ts';

const step = (given: Partial<Step> = {}): Step => ({ seconds: 1, ...given });
const times = (count: number, given: Partial<Step> = {}) => Array.from({ length: count }, () => step(given));

const STRETCHES = ['near', 'hour'] as const;

describe('what is not known', () => {
  it('is what happened before the first reading', () => {
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
    // It takes nothing from what follows.
    expect(historyAfter([step(), step({ requests: 5 })]).near).toEqual([
      expect.objectContaining({ seconds: 1, requests: 5 }),
    ]);
  });

  it('is an interval in which the counters began anew, and it is marked', () => {
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
    // Of a whole one part of which is not known, nothing is said.
    expect(hour).toEqual([
      expect.objectContaining({ requests: null, runningTime: null, tx: null, seconds: 3, marks: ['reset'] }),
    ]);
  });

  it('is not the running time where there was no request: it is none', () => {
    expect(historyAfter([step(), step({ requests: 0 })]).near).toEqual([
      expect.objectContaining({ requests: 0, runningTime: 0 }),
    ]);
  });

  it('is the queue of unix sockets, and the memory without memory-report', () => {
    const { near } = historyAfter([step({ queue: null }), step({ queue: null })]);
    expect(near).toEqual([expect.objectContaining({ queue: null, memory: null })]);
    // Once it was seen, it stays the longest.
    const { hour } = historyAfter([step(), step({ queue: 4, rss: 9 }), step({ queue: null, rss: null })]);
    expect(hour).toEqual([expect.objectContaining({ queue: 4, memory: 9 })]);
  });

  it('is the memory of workers that do not run: it is the sum of the others', () => {
    const workers = [worker({ rss: 100 }), { ...NEVER_RAN, rss: null }, worker({ rss: 20 })];
    const { near } = remember(NO_HISTORY, appBetween(null, app(workers)));
    expect(near[0]?.memory).toBe(120);
  });

  it('is how busy cores are that are not told of: a busy worker may have others that are free', () => {
    const workers = [worker({ cores: [], status: 'busy' }), worker({ cores: [] })];
    expect(remember(NO_HISTORY, appBetween(null, app(workers))).near[0]?.busy).toBe(null);
    expect(remember(NO_HISTORY, appBetween(null, app([NEVER_RAN]))).near[0]?.busy).toBe(null);
  });

  it('is anything of an emperor or a router: they leave the points alone', () => {
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

  it('are of what was gained, not of what there was', () => {
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

  it('are lost once, however often it was tried, and what follows is a point of its own', () => {
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

  it('stand beside those that are there', () => {
    expect(marks(markLost(historyAfter([step(), step({ harakiris: 1 })]))).near).toEqual([
      ['harakiri', 'lost'],
    ]);
  });

  it('need something to stand at', () => {
    expect(markLost(NO_HISTORY)).toEqual(NO_HISTORY);
  });
});
