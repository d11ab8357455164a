import { describe, expect, it } from 'vitest';
import type { AppSnapshot, Snapshot, Worker } from '../../src/stats/snapshot.ts';
import { app, appBetween, between, changes, core, coresOf, NEVER_RAN, SERVER, worker } from './builders.ts';
import { router, subscription } from './routers.ts';

const full: Worker = worker({ exceptions: 5, harakiris: 5, signals: 5, spawns: 5 });
const others: Worker[] = [worker({ pid: 102 }), worker({ pid: 103 })];

/** Expects a reset: the interval has no values, and all values of the single document are present. */
function expectReset(before: Snapshot, after: AppSnapshot): void {
  const sample = appBetween(before, after);
  expect(sample.reset).toBe(true);
  expect(sample.interval).toBe(2);
  expect(new Set(Object.values(changes(sample)))).toEqual(new Set([null]));
  for (const place of after.workers.keys()) {
    expect(sample.workers[place]?.before).toBeNull();
    expect(new Set(Object.values(changes(coresOf(sample, place))))).toEqual(new Set([null]));
  }
  expect(sample.totals.requests).toBe(after.workers.reduce((sum, each) => sum + (each.requests ?? 0), 0));
}

describe('a counter that decreased is a reset', () => {
  it.each([
    ['requests', 9],
    ['runningTime', 0.1],
    ['tx', 0],
    ['spawns', 4],
    ['exceptions', 4],
    ['harakiris', 4],
    ['signals', 4],
  ] as const)('%s', (counter, less) => {
    for (const place of [0, 1, 2]) {
      const before: Worker[] = others.toSpliced(place, 0, full);
      const grown: Worker[] = others.map((each) => ({ ...each, requests: 50 }));
      const after = grown.toSpliced(place, 0, { ...full, [counter]: less });
      expectReset(app(before), app(after));
    }
  });

  it('also of a core', () => {
    const before = worker({ cores: [core(), core({ id: 1, requests: 7 })] });
    const after = worker({ cores: [core(), core({ id: 1, requests: 6 })] });
    expectReset(app([before]), app([after]));
  });

  it('but not a value that a respawn sets to 0, or that is unknown now', () => {
    const after = { ...full, pid: 777, spawns: 6, requestsSinceSpawn: 0, signalQueue: 0, rss: 1, tx: null };
    expect(appBetween(app([full]), app([after])).reset).toBe(false);
  });
});

describe('counters of other processes are a reset', () => {
  it('a full reload: the same master, every counter at 0', () => {
    const zero = { requests: 0, requestsSinceSpawn: 0, runningTime: 0, tx: 0 };
    expectReset(app([worker()]), app([worker({ pid: 201, ...zero, cores: [core({ requests: 0 })] })]));
  });

  it('a full reload whose counters exceed the old ones: new pids without new spawns', () => {
    const reloaded = (pid: number) =>
      worker({ pid, requests: 500, runningTime: 9, tx: 9e6, cores: [core({ requests: 500 })] });
    expectReset(app([worker(), ...others]), app([201, 202, 203].map(reloaded)));
  });

  it('also if only one worker shows it', () => {
    expectReset(
      app([NEVER_RAN, worker({ pid: 102 })]),
      app([worker({ pid: 201, requests: 50 }), worker({ pid: 202, requests: 60 })]),
    );
  });

  it('another master', () => {
    const grown = worker({ requests: 500, runningTime: 9, tx: 9e6 });
    expectReset(app([worker()]), app([grown], { server: { ...SERVER, pid: 900 } }));
  });

  it('another kind of server', () => {
    expectReset(router({}), app([worker()]));
    expect(between(app([worker()]), router({}))).toMatchObject({ kind: 'router', reset: true });
  });

  it('of a router: another pid, or decreased hits', () => {
    const before = router({ subscriptions: [subscription('a', 50, [])] });
    const back = router({ subscriptions: [subscription('a', 49, [])] });
    const other = router({ server: { ...SERVER, pid: 7 }, subscriptions: before.subscriptions });
    expect(between(before, back).reset).toBe(true);
    expect(between(before, other).reset).toBe(true);
    expect(between(before, before).reset).toBe(false);
  });
});

describe('not a reset:', () => {
  it.each([
    ['the same document again', [worker()], [worker()]],
    ['a respawn', [worker()], [worker({ pid: 999, spawns: 2 })]],
    ['a worker that becomes cheap', [worker()], [worker({ pid: null, status: 'cheap' })]],
    ['a cheap worker that starts', [NEVER_RAN], [worker({ requests: 1 })]],
    ['a server that does not count spawns', [worker({ spawns: null })], [worker({ pid: 9, spawns: null })]],
    ['an additional worker', [worker()], [worker(), worker({ pid: 2 })]],
    ['no workers', [], []],
  ])('%s', (_what, before, after) => {
    const sample = appBetween(app(before), app(after));
    expect(sample.reset).toBe(false);
  });

  it('a server that does not report its pid', () => {
    const server = { ...SERVER, pid: null };
    expect(appBetween(app([worker()], { server }), app([worker()], { server })).reset).toBe(false);
  });
});
