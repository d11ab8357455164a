import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../src/rates/rates.ts';
import { app, appBetween, changes, core, coresOf, NEVER_RAN, NOW, reading, worker } from './builders.ts';

const idle = worker();
const busy = worker({ pid: 102, requests: 30, runningTime: 3, tx: 90_000, cores: [core({ requests: 30 })] });

describe('a first sample', () => {
  const sample = appBetween(null, app([idle, busy]));

  it('has no rates', () => {
    expect(sample).toMatchObject({ interval: null, reset: false, target: 'test', time: NOW + 2 });
    const said = changes(sample);
    expect(Object.keys(said).length).toBeGreaterThan(20);
    expect(new Set(Object.values(said))).toEqual(new Set([null]));
    expect(coresOf(sample, 1)).toMatchObject([
      { requestsDelta: null, rps: null, intervalShare: null, share: 0.75 },
    ]);
  });

  it('has all values of a single document', () => {
    expect(sample.workers.map(({ share }) => share)).toEqual([0.25, 0.75]);
    expect(sample.workers[0]).toMatchObject({ worker: { requests: 10 }, before: null, respawns: 0 });
    expect(sample.totals).toMatchObject({ requests: 40, tx: 95_000, workers: 2 });
  });
});

describe('an interval', () => {
  const after = worker({
    requests: 16,
    runningTime: 0.8,
    exceptions: 2,
    harakiris: 1,
    tx: 9000,
    cores: [core({ requests: 16 })],
  });

  it('is measured with the monotonic clock', () => {
    const sample = sampleOf(
      'test',
      { snapshot: app([after]), time: NOW - 500, clock: 50.5 },
      { ...reading(app([idle])), time: NOW },
    );
    expect(sample).toMatchObject({
      interval: 0.5,
      time: NOW - 500,
      workers: [{ requestsDelta: 6, rps: 12 }],
    });
  });

  it('has the changes of each worker', () => {
    const sample = appBetween(app([idle, busy]), app([after, busy]));
    const { workers, reset } = sample;
    expect(reset).toBe(false);
    expect(workers[0]).toMatchObject({
      requestsDelta: 6,
      rps: 3,
      exceptionsDelta: 2,
      harakirisDelta: 1,
      respawnsDelta: 0,
      txRate: 2000,
      intervalShare: 1,
      share: 16 / 46,
    });
    expect(workers[0]?.runningTimeDelta).toBeCloseTo(0.6);
    expect(coresOf(sample, 0)).toMatchObject([
      { requestsDelta: 6, rps: 3, intervalShare: 1, share: 16 / 46 },
    ]);
    expect(workers[1]).toMatchObject({
      requestsDelta: 0,
      rps: 0,
      txRate: 0,
      intervalShare: 0,
      responseTime: null,
    });
  });

  it('has the response time of the requests that ended in it', () => {
    const { workers, totals } = appBetween(
      app([idle, busy]),
      app([after, { ...busy, requests: 34, runningTime: 3.4 }]),
    );
    expect(workers[0]?.responseTime).toBeCloseTo(0.1);
    expect(workers[1]?.responseTime).toBeCloseTo(0.1);
    expect(totals.responseTime).toBeCloseTo(1 / 10);
  });

  it('weights response times by requests, so that the total is not a mean of means', () => {
    const { totals } = appBetween(
      app([idle, busy]),
      app([
        { ...idle, requests: 11, runningTime: 1.2 },
        { ...busy, requests: 39, runningTime: 3.9 },
      ]),
    );
    expect(totals.responseTime).toBeCloseTo((1 + 0.9) / 10);
  });

  it('of length 0 has changes but no rates', () => {
    const { workers, totals, interval } = appBetween(app([idle]), app([after]), 0);
    expect(interval).toBe(0);
    expect(workers[0]).toMatchObject({ requestsDelta: 6, rps: null, txRate: null });
    expect(workers[0]?.responseTime).toBeCloseTo(0.1);
    expect(totals).toMatchObject({ requestsDelta: 6, rps: null, txRate: null });
  });

  it('has no change of a counter that is unknown on one side', () => {
    const { workers, totals } = appBetween(
      app([{ ...idle, tx: null }]),
      app([{ ...after, exceptions: null }]),
    );
    expect(workers[0]).toMatchObject({ rps: 3, txRate: null, exceptionsDelta: null });
    expect(totals).toMatchObject({ rps: 3, tx: 9000, txRate: null, exceptions: null, exceptionsDelta: null });
  });
});

describe('changes of the worker list', () => {
  it('a respawned worker continues its counters', () => {
    const respawned = worker({ pid: 999, spawns: 2, requests: 14, requestsSinceSpawn: 0, lastSpawn: NOW });
    const { reset, workers, totals } = appBetween(app([idle]), app([respawned]));
    expect(reset).toBe(false);
    expect(workers[0]).toMatchObject({ requestsDelta: 4, rps: 2, respawns: 1, respawnsDelta: 1 });
    expect(totals).toMatchObject({ respawns: 1, respawnsDelta: 1, rps: 2 });
  });

  it('the first start of a worker is not a respawn', () => {
    const started = worker({ pid: 103, spawns: 1, requests: 5, cores: [core({ requests: 5 })] });
    const { reset, workers } = appBetween(app([idle, NEVER_RAN]), app([idle, started]));
    expect(reset).toBe(false);
    expect(workers[1]).toMatchObject({
      requestsDelta: 5,
      rps: 2.5,
      respawns: 0,
      respawnsDelta: 0,
      intervalShare: 1,
    });
  });

  it('the restart of a cheap worker is a respawn', () => {
    const cheap = worker({ pid: null, status: 'cheap' });
    const { reset, workers } = appBetween(app([cheap]), app([worker({ pid: 555, spawns: 2 })]));
    expect(reset).toBe(false);
    expect(workers[0]).toMatchObject({ rps: 0, respawns: 1, respawnsDelta: 1 });
  });

  it('workers that never ran share an id in the document and are distinguished by their place', () => {
    const before = app([idle, NEVER_RAN, NEVER_RAN, NEVER_RAN]);
    const third = worker({ pid: 104, requests: 8, cores: [core({ requests: 8 })] });
    const { workers } = appBetween(before, app([idle, NEVER_RAN, third, NEVER_RAN]));
    expect(workers.map(({ worker, requestsDelta }) => [worker.id, requestsDelta])).toEqual([
      [1, 0],
      [2, 0],
      [3, 8],
      [4, 0],
    ]);
  });

  it('a new worker has no rates, and neither have the totals', () => {
    const { workers, totals } = appBetween(app([idle]), app([{ ...idle, requests: 12 }, busy]));
    expect(workers[0]).toMatchObject({ requestsDelta: 2, rps: 1, intervalShare: null });
    expect(new Set(Object.values(changes(workers[1])))).toEqual(new Set([null]));
    expect(workers[1]?.before).toBeNull();
    expect(totals).toMatchObject({ requests: 42, requestsDelta: null, rps: null, responseTime: null });
  });

  it('the remaining workers of a shorter list keep their rates', () => {
    const { workers, totals } = appBetween(app([idle, busy]), app([{ ...idle, requests: 12 }]));
    expect(workers.map(({ requestsDelta, rps }) => [requestsDelta, rps])).toEqual([[2, 1]]);
    expect(totals).toMatchObject({ workers: 1, requests: 12 });
  });

  it('new cores have no rates yet', () => {
    const wide = worker({ cores: [core({ requests: 12 }), core({ id: 1, requests: 4 })] });
    const cores = coresOf(appBetween(app([idle]), app([wide])), 0);
    expect(cores.map(({ rps }) => rps)).toEqual([1, null]);
  });
});

describe('shares', () => {
  const requests = fc.nat({ max: 1e9 });

  it('add up to 1, or are unknown if there was nothing to share', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(requests, requests), { minLength: 1, maxLength: 8 }), (rows) => {
        const before = app(rows.map(([was]) => worker({ requests: was })));
        const after = app(rows.map(([was, more]) => worker({ requests: was + more })));
        const { workers, totals } = appBetween(before, after);
        for (const [share, whole] of [
          ['share', totals.requests],
          ['intervalShare', totals.requestsDelta],
        ] as const) {
          const shares = workers.map((each) => each[share]);
          if (whole === 0) expect(new Set(shares)).toEqual(new Set([null]));
          else expect(shares.reduce<number>((sum, each) => sum + (each ?? Number.NaN), 0)).toBeCloseTo(1);
        }
      }),
    );
  });

  it('are unknown if one worker does not report its count', () => {
    const silent = worker({ requests: null });
    const { workers } = appBetween(app([idle, silent]), app([worker({ requests: 20 }), silent]));
    expect(workers.map(({ share, intervalShare }) => [share, intervalShare])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(workers[0]).toMatchObject({ requestsDelta: 10, rps: 5 });
  });
});
