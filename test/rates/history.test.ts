import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markLost, NO_HISTORY, remember } from '../../src/rates/history.ts';
import type { Point } from '../../src/rates/point.ts';
import { app, between, NOW, worker } from './builders.ts';
import { CORES, historyAfter, type Step, samplesOf } from './histories.ts';

const step = (given: Partial<Step> = {}): Step => ({ seconds: 1, ...given });
const times = (count: number, given: Partial<Step> = {}) => Array.from({ length: count }, () => step(given));

const STRETCHES = ['near', 'hour'] as const;
const add = (points: readonly Point[], value: (point: Point) => number | null) =>
  points.reduce((sum, point) => sum + (value(point) ?? 0), 0);

describe('the length of a history', () => {
  it.each([
    // Seconds between reads, and the seconds that a point covers.
    { interval: 0.1, near: 1, hour: 10 },
    { interval: 0.2, near: 1, hour: 10 },
    { interval: 0.5, near: 1, hour: 10 },
    { interval: 1, near: 1, hour: 10 },
    { interval: 2, near: 2, hour: 10 },
    { interval: 5, near: 5, hour: 10 },
    { interval: 10, near: 10, hour: 10 },
    { interval: 30, near: 30, hour: 30 },
  ])('for reads every $interval s: points of $near s and of $hour s', ({ interval, near, hour }) => {
    const covered = 300;
    const history = historyAfter([step(), ...times(Math.round(covered / interval), { seconds: interval })]);
    for (const [points, seconds] of [
      [history.near, near],
      [history.hour, hour],
    ] as const) {
      // The first reading covers no time: it is a separate point unless it can be merged with the next one.
      const known = points.filter((point) => point.seconds > 0);
      expect(points.length - known.length).toBeLessThanOrEqual(1);
      expect(known).toHaveLength(covered / seconds);
      for (const point of known) expect(point.seconds).toBeCloseTo(seconds, 6);
    }
  });

  it('is bounded; the oldest points are removed first', () => {
    for (const seconds of [0.1, 1, 5]) {
      const history = historyAfter(times(10_000, { seconds }));
      expect(history.near).toHaveLength(600 / Math.max(1, seconds));
      expect(history.hour).toHaveLength(Math.min(360, seconds * 1000));
      for (const name of STRETCHES) {
        const points = history[name];
        const last = points.at(-1)?.time ?? 0;
        expect(last).toBeCloseTo(NOW + 10_000 * seconds, 3);
        expect(last - (points[0]?.time ?? 0)).toBeCloseTo(
          add(points.slice(1), (point) => point.seconds),
          3,
        );
      }
    }
  });
});

describe('the points of a history', () => {
  const anyStep: fc.Arbitrary<Step> = fc.record({
    seconds: fc.oneof(
      fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      fc.constantFrom(0.1, 0.7, 1, 2, 5, 30),
    ),
    requests: fc.nat(500),
    each: fc.double({ min: 0, max: 2, noNaN: true }),
    tx: fc.nat(1e6),
    exceptions: fc.nat(3),
    busy: fc.nat(CORES),
    queue: fc.nat(100),
    rss: fc.integer({ min: 1, max: 1e9 }),
    harakiris: fc.constantFrom(0, 0, 0, 1),
    respawns: fc.constantFrom(0, 0, 0, 1),
  });
  const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 80 });
  const sumOf = (steps: readonly Step[], value: (step: Step) => number) =>
    steps.slice(1).reduce((sum, step) => sum + value(step), 0);

  it('have the sums of the events, for any merging', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const history = historyAfter(steps);
        for (const name of STRETCHES) {
          const points: readonly Point[] = history[name];
          for (const sum of ['requests', 'tx', 'exceptions', 'seconds'] as const)
            expect(add(points, (point) => point[sum])).toBeCloseTo(
              sumOf(steps, (step) => step[sum] ?? 0),
              3,
            );
          expect(add(points, (point) => point.runningTime)).toBeCloseTo(
            sumOf(steps, ({ requests = 0, each = 0 }) => requests * each),
            3,
          );
          // Only a first reading has unknown values.
          for (const point of points) expect(point.requests === null).toBe(point.seconds === 0);
        }
      }),
    );
  });

  it('cover the time in order and without gaps', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const history = historyAfter(steps);
        for (const name of STRETCHES) {
          let end = NOW + (steps[0]?.seconds ?? 0);
          for (const { time, seconds } of history[name]) {
            expect(time - seconds).toBeCloseTo(end, 3);
            end = time;
          }
          expect(end).toBeCloseTo(NOW + (steps[0]?.seconds ?? 0) + sumOf(steps, ({ seconds }) => seconds), 3);
        }
      }),
    );
  });

  it('have the mean busy share, the longest queue, the last memory and every mark', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const history = historyAfter(steps);
        let time = NOW;
        const read = steps.map((step) => {
          time += step.seconds;
          return { ...step, time };
        });
        for (const name of STRETCHES) {
          const points: readonly Point[] = history[name];
          expect(add(points, ({ busy, seconds }) => (busy ?? 0) * seconds)).toBeCloseTo(
            sumOf(steps, ({ busy = 0, seconds }) => (busy / CORES) * seconds),
            3,
          );
          let from = 0;
          for (const point of points) {
            const to = read.findIndex((step) => step.time >= point.time - 1e-6) + 1;
            const its = read.slice(from, to);
            from = to;
            expect(point.queue).toBe(Math.max(...its.map(({ queue }) => queue ?? 0)));
            expect(point.memory).toBe(its.at(-1)?.rss);
            const gained = its.filter((step) => step.time > (read[0]?.time ?? 0));
            expect(point.marks).toEqual([
              ...(gained.some(({ harakiris }) => harakiris) ? ['harakiri'] : []),
              ...(gained.some(({ respawns }) => respawns) ? ['respawn'] : []),
            ]);
          }
          expect(from).toBe(read.length);
        }
      }),
    );
  });

  it('have the values of one sample for its interval', () => {
    const { near, hour } = historyAfter([
      step(),
      step({ seconds: 2, requests: 30, each: 0.02, tx: 5000, exceptions: 2, busy: 3, queue: 7, rss: 4096 }),
    ]);
    const point = {
      time: NOW + 3,
      seconds: 2,
      requests: 30,
      timedRequests: 30,
      runningTime: expect.closeTo(0.6, 6),
      // The requests of the test have no start time.
      work: { begun: expect.anything(), open: null, cut: 0, cores: 8 },
      refused: null,
      tx: 5000,
      exceptions: 2,
      writeErrors: 0,
      harakiris: 0,
      respawns: 0,
      cheap: 0,
      hadCheap: false,
      reloading: false,
      busy: 0.75,
      queue: 7,
      memory: 4096,
      marks: [],
    };
    expect(near).toEqual([point]);
    expect(hour).toEqual([expect.objectContaining(point)]);
  });
});

describe('a history', () => {
  it('is not changed by later samples', () => {
    const samples = samplesOf([
      ...times(30, { seconds: 0.3, requests: 3, harakiris: 1 }),
      ...times(30, { seconds: 5, requests: 4 }),
    ]);
    let history = NO_HISTORY;
    for (const sample of samples) {
      for (const points of [history.near, history.hour]) {
        Object.freeze(points);
        for (const point of points) {
          Object.freeze(point);
          Object.freeze(point.marks);
        }
      }
      const [before, given] = [structuredClone(history), structuredClone(sample)];
      const next = remember(history, sample);
      markLost(history);
      expect(history).toEqual(before);
      expect(sample).toEqual(given);
      history = next;
    }
    expect(NO_HISTORY).toEqual({
      near: [],
      hour: [],
      last: null,
      starts: new Map(),
      restarts: new Map(),
      backlogs: new Map(),
    });
  });

  it('covers the whole time between two reads after a lost connection', () => {
    // The counters include all of that time.
    const sample = between(app([worker()]), app([worker({ requests: 130 })]), 40);
    const { near, hour } = remember(markLost(historyAfter(times(3))), sample);
    for (const points of [near, hour]) expect(points.at(-1)).toMatchObject({ seconds: 40, requests: 120 });
  });
});
