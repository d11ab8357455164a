import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../src/rates/rates.ts';
import type { AppSnapshot, Worker } from '../../src/stats/snapshot.ts';
import {
  app,
  appBetween,
  core,
  hostReading,
  NEVER_RAN,
  NOW,
  processReading,
  reading,
  socket,
  worker,
} from './builders.ts';

const totalsOf = (workers: Worker[], given: Partial<AppSnapshot> = {}) =>
  appBetween(null, app(workers, given)).totals;

describe('the states of workers', () => {
  const inStatus = (status: string) => worker({ status });

  it('are counted', () => {
    const statuses = ['busy', 'idle', 'idle', 'cheap', 'pause', 'sig17', 'sig0', 'dreaming', ''];
    expect(totalsOf(statuses.map(inStatus))).toMatchObject({
      workers: 9,
      busy: 1,
      idle: 2,
      cheap: 1,
      paused: 1,
      other: 4,
    });
  });

  it('are loading from the fork until the application is loaded, not after a later `accepting(0)`', () => {
    const loading = worker({ accepting: false, requestsSinceSpawn: 0 });
    const closed = worker({ accepting: false, requestsSinceSpawn: 4 });
    expect(totalsOf([loading, closed, worker()])).toMatchObject({ loading: 1, idle: 2, cores: 2 });
    expect(totalsOf([loading])).toMatchObject({ loading: 1, idle: 0, cores: 0, coresBusy: 0 });
  });

  it('are down if the process has ended, except for cheap workers', () => {
    const ended = worker({ pid: null });
    expect(totalsOf([ended, NEVER_RAN])).toMatchObject({ idle: 0, cheap: 1, down: 1, other: 0 });
  });

  it.each(['constructor', '__proto__', 'toString', 'paused', 'other'])(
    'can have the unknown name %s',
    (status) => {
      const totals = totalsOf([inStatus(status), inStatus('idle')]);
      expect(totals).toMatchObject({ workers: 2, busy: 0, idle: 1, cheap: 0, paused: 0, other: 1 });
      expect(Object.keys(totals)).toEqual(Object.keys(totalsOf([inStatus('idle')])));
    },
  );
});

describe('cores', () => {
  it('are those of running processes; busy cores have a request', () => {
    const busy = worker({
      cores: [core({ inRequest: true }), core({ id: 1 }), core({ id: 2, inRequest: true })],
    });
    expect(totalsOf([busy, worker(), NEVER_RAN])).toMatchObject({ cores: 4, coresBusy: 2 });
  });

  it('are unknown for a server that does not list them', () => {
    const without = worker({ cores: [] });
    expect(totalsOf([without, without])).toMatchObject({ cores: null, coresBusy: null });
    expect(totalsOf([without, worker()])).toMatchObject({ cores: 1, coresBusy: 0 });
  });
});

describe('sums', () => {
  const COUNTERS = [
    ['requests', 'requests', 'requestsDelta'],
    ['exceptions', 'exceptions', 'exceptionsDelta'],
    ['harakiris', 'harakiris', 'harakirisDelta'],
    ['spawns', 'respawns', 'respawnsDelta'],
    ['tx', 'tx', 'txRate'],
  ] as const;
  const before = [worker({ spawns: 3 }), worker({ spawns: 3 }), worker({ spawns: 3 })];
  const after = before.map((each, place) => ({
    ...each,
    pid: 500 + place,
    requests: 10 + 2 ** place,
    exceptions: 2 ** place,
    harakiris: 2 ** place,
    spawns: 3 + 2 ** place,
    tx: 5000 + 2 ** place,
    runningTime: 0.2 + 2 ** place,
  }));

  it('are over all workers', () => {
    expect(appBetween(app(before), app(after)).totals).toMatchObject({
      requests: 37,
      requestsDelta: 7,
      rps: 3.5,
      responseTime: 1,
      exceptions: 7,
      exceptionsDelta: 7,
      harakiris: 7,
      harakirisDelta: 7,
      respawns: 13,
      respawnsDelta: 7,
      tx: 15_007,
      txRate: 3.5,
    });
  });

  it.each(COUNTERS)(
    'are unknown if a worker does not report %s, because a part is not the whole',
    (counter, total, change) => {
      for (const place of [0, 1, 2]) {
        const partly = after.map((each, i) => (i === place ? { ...each, [counter]: null } : each));
        const { totals } = appBetween(app(before), app(partly));
        const others = COUNTERS.filter(([name]) => name !== counter);
        expect([totals[total], totals[change]]).toEqual([null, null]);
        for (const [, known, changed] of others) expect([totals[known], totals[changed]]).not.toContain(null);
      }
    },
  );

  it('of a server without workers are 0', () => {
    expect(totalsOf([])).toMatchObject({ workers: 0, requests: 0, tx: 0, cores: 0, uptime: null });
    // The changes are unknown: a first sample has no interval.
    expect(totalsOf([])).toMatchObject({ requestsDelta: null, exceptionsDelta: null, txRate: null });
  });
});

describe('the queue', () => {
  const tcp = (queue: number, maxQueue = 100) => socket({ queue, maxQueue });
  const unix = socket({ name: '/run/app.sock' });

  it.each([
    ['is that of the longest', [tcp(3), tcp(7, 50), tcp(5)], { queue: 7, maxQueue: 50 }],
    ['is not a sum', [tcp(4), tcp(4)], { queue: 4, maxQueue: 100 }],
    ['ignores unix sockets, which report none', [unix, tcp(2), unix], { queue: 2, maxQueue: 100 }],
    ['is 0 if nothing waits', [tcp(0)], { queue: 0, maxQueue: 100 }],
    ['is unknown for unix sockets only', [unix, unix], { queue: null, maxQueue: null }],
    ['is unknown without sockets', [], { queue: null, maxQueue: null }],
  ])('%s', (_what, sockets, expected) => {
    expect(totalsOf([worker()], { sockets })).toMatchObject(expected);
  });

  it('of an old server without sockets is that of the document', () => {
    expect(totalsOf([worker()], { listenQueue: 9 })).toMatchObject({ queue: 9, maxQueue: null });
    expect(totalsOf([worker()], { listenQueue: null })).toMatchObject({ queue: null, maxQueue: null });
  });
});

describe('the uptime', () => {
  const second = worker({ pid: 102, lastSpawn: NOW - 5 });

  it.each([
    ['is the age of the first worker in its first life', worker({ lastSpawn: NOW - 60 }), 62],
    ['is unknown after the first worker was respawned', worker({ lastSpawn: NOW - 60, spawns: 2 }), null],
    ['is unknown if the first worker never ran', NEVER_RAN, null],
    ['is unknown for a server that does not count spawns', worker({ spawns: null }), null],
    ['is never negative, for any clock', worker({ lastSpawn: NOW + 900 }), 0],
  ])('%s', (_what, first, expected) => {
    expect(totalsOf([first, second]).uptime).toBe(expected);
  });

  it('is that of the master with a host reading, for any first worker', () => {
    const respawned = worker({ lastSpawn: NOW - 60, spawns: 2 });
    const host = hostReading([], { master: processReading({ pid: 100, started: NOW - 7200 }) });
    for (const first of [respawned, NEVER_RAN, second]) {
      const sample = sampleOf('test', { ...reading(app([first, second])), host }, null);
      expect(sample).toMatchObject({ totals: { uptime: 7200 } });
    }
  });
});
