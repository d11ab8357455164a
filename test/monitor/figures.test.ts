import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf, responseTimeOf, totalOf } from '../../src/monitor/figures.ts';
import type { Figures } from '../../src/monitor/observation.ts';
import { captured } from '../views/fleets.ts';

const NAMES = Object.keys(figuresOf(captured('threads'))) as (keyof Figures)[];

/** Random numbers of a server: each known or unknown. Quarters have exact sums. */
const FIGURES = fc.tuple(...NAMES.map(() => fc.option(fc.integer({ min: 0, max: 4000 })))).map((values) => {
  const all = NAMES.map((name, at) => [name, values[at] == null ? null : values[at] / 4]);
  return Object.fromEntries(all) as unknown as Figures;
});

const sumOf = (all: readonly Figures[], name: keyof Figures) => {
  const known = all.flatMap((figures) => figures[name] ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
};

describe('the totals of several servers', () => {
  it('are the exact sums of the known numbers', () => {
    const alone = NAMES.filter(
      (name) => !['timedRps', 'runningTime', 'busy', 'cores', 'maxQueue'].includes(name),
    );
    fc.assert(
      fc.property(fc.array(FIGURES), (all) => {
        const total = totalOf(all);
        for (const name of alone) expect([name, total[name]]).toEqual([name, sumOf(all, name)]);
      }),
    );
  });

  it('have a response time that is the running time of all requests over their number', () => {
    fc.assert(
      fc.property(fc.array(FIGURES), (all) => {
        const timed = all.filter(({ timedRps, runningTime }) => timedRps !== null && runningTime !== null);
        const requests = sumOf(timed, 'timedRps');
        const expected = requests ? (sumOf(timed, 'runningTime') ?? 0) / requests : null;
        expect(responseTimeOf(totalOf(all))).toBe(expected);
      }),
    );
  });

  it('compare busy cores only with the cores of the same servers', () => {
    const none = figuresOf({ ...captured('threads'), sample: null });
    const total = totalOf([
      { ...none, busy: 3, cores: 4 },
      { ...none, cores: 8 },
    ]);
    expect([total.busy, total.cores]).toEqual([3, 4]);
  });

  it('have no limit of the queue if one server has a queue without a known limit', () => {
    const none = figuresOf({ ...captured('threads'), sample: null });
    const limited = { ...none, queue: 5, maxQueue: 100 };
    expect(totalOf([limited, none])).toMatchObject({ queue: 5, maxQueue: 100 });
    expect(totalOf([limited, { ...none, queue: 2 }])).toMatchObject({ queue: 7, maxQueue: null });
  });

  it('are unknown without servers', () => {
    expect(Object.values(totalOf([])).every((value) => value === null)).toBe(true);
  });
});

describe('the numbers of a server', () => {
  it('are those of its last sample', () => {
    const server = captured('queue');
    if (server.sample?.kind !== 'app') throw new Error('an app server expected');
    const { totals } = server.sample;
    expect(figuresOf(server)).toMatchObject({
      rps: totals.rps,
      busy: totals.coresBusy,
      cores: totals.cores,
      queue: totals.queue,
    });
    expect(responseTimeOf(figuresOf(server))).toBeCloseTo(totals.responseTime ?? Number.NaN);
  });

  it('are unknown while the connection is lost', () => {
    const connection = { state: 'lost', since: 0, why: 'refused', advice: '', retryAt: 0 } as const;
    expect(
      Object.values(figuresOf({ ...captured('threads'), connection })).every((value) => value === null),
    ).toBe(true);
  });
});
