import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HARAKIRI_SECONDS } from '../../src/demo/load.ts';
import { varsOf } from '../../src/demo/request.ts';
import { type ServerState, statusOf, type WorkerState } from '../../src/demo/state.ts';
import { createTraffic, type Traffic } from '../../src/demo/traffic.ts';
import { FaultyTraffic } from './faults/traffic.ts';

const sum = (state: ServerState, number: (worker: WorkerState) => number) =>
  state.workers.reduce((total, worker) => total + number(worker), 0);
const requests = (state: ServerState) => sum(state, (worker) => worker.requests);
const inFlight = ({ workers }: ServerState) =>
  workers.flatMap(({ cores }) => cores.flatMap(({ request }) => request ?? []));

const inFlightFor = (state: ServerState, uri: string) =>
  inFlight(state).filter((request) => varsOf(request).includes(`REQUEST_URI=${uri}`));

/** A copy without the links from requests to their workers. */
function copy({ workers, ...server }: ServerState) {
  const plain = workers.map(({ cores, ...worker }) => ({
    ...worker,
    cores: cores.map(({ request, ...core }) => ({
      ...core,
      request: request && {
        start: request.start,
        end: request.end,
        draw: request.draw,
        route: request.route,
      },
    })),
  }));
  return { ...server, workers: plain };
}

/** Calls `look` after each simulated second. */
function watch(traffic: Traffic, seconds: number, look: (state: ServerState) => void): void {
  for (let second = 0; second < seconds; second++) {
    traffic.advance(1);
    look(traffic.state);
  }
}

describe('createTraffic', () => {
  it('gives the same result for the same seed and the same steps', () => {
    const steps = [0.3, 100, 0, 47.25, 60];
    const run = (seed: number) => {
      const traffic = createTraffic({ seed });
      for (const step of steps) traffic.advance(step);
      return copy(traffic.state);
    };
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it('does not depend on the length of the steps, apart from rounding', () => {
    const whole = createTraffic();
    const cut = createTraffic();
    whole.advance(128);
    // Sums of eighths are exact.
    for (let i = 0; i < 1024; i++) cut.advance(0.125);
    expect(copy(cut.state)).toEqual(copy(whole.state));
  });

  it('serves approximately the given number of requests', () => {
    for (const [rate, workers, cores] of [
      [60, 8, 2],
      [200, 8, 4],
      [20, 4, 2],
    ] as const) {
      const traffic = createTraffic({ rate, workers, cores, seed: 3 });
      traffic.advance(60);
      expect(requests(traffic.state) / 60 / rate).toBeGreaterThan(0.85);
      expect(requests(traffic.state) / 60 / rate).toBeLessThan(1.15);
      traffic.advance(540);
      expect(requests(traffic.state) / 600 / rate).toBeGreaterThan(0.9);
      expect(requests(traffic.state) / 600 / rate).toBeLessThan(1.1);
    }
  });

  it('keeps the invariants of the counters at every moment and for every size', () => {
    const options = fc.record({
      workers: fc.integer({ min: 1, max: 12 }),
      cores: fc.integer({ min: 1, max: 4 }),
      rate: fc.integer({ min: 1, max: 200 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(
        options,
        fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 12 }),
        (all, steps) => {
          const traffic = createTraffic(all);
          let before = copy(traffic.state);
          for (const step of steps) {
            traffic.advance(step);
            const { state } = traffic;
            for (const [place, worker] of state.workers.entries()) {
              const old = before.workers[place];
              const busy = worker.cores.filter(({ request }) => request !== null);
              expect(worker.busy).toBe(busy.length);
              expect(worker.cores.reduce((total, core) => total + core.requests, 0)).toBe(worker.requests);
              expect(worker.cores.reduce((total, core) => total + core.exceptions, 0)).toBe(
                worker.exceptions,
              );
              expect(worker.deltaRequests).toBeLessThanOrEqual(worker.requests);
              if (worker.spawns === 0) expect(worker).toMatchObject({ pid: 0, requests: 0, cheap: true });
              else expect(worker.cheap || worker.pid > 0).toBe(true);
              if (worker.cheap) expect(worker.busy).toBe(0);
              for (const counter of COUNTERS)
                expect(worker[counter]).toBeGreaterThanOrEqual(old?.[counter] ?? 0);
              if (old && old.spawns > 0 && worker.pid > 0 && old.pid > 0 && worker.pid !== old.pid)
                expect(worker.spawns).toBeGreaterThan(old.spawns);
              for (const { request } of busy) {
                expect(request?.start).toBeLessThanOrEqual(state.time);
                expect(request?.end).toBeGreaterThan(state.time);
              }
            }
            expect(state.queue).toBeLessThanOrEqual(state.maxQueue + 1);
            before = copy(state);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('calls the application once per request that is not a static file, and loses only requests of killed workers', () => {
    const traffic = createTraffic({ seed: 4 });
    watch(traffic, 400, (state) => {
      for (const worker of state.workers) {
        const files = worker.cores.reduce((total, core) => total + core.staticRequests, 0);
        const running = worker.cores.filter(({ request }) => request && !request.route.static).length;
        const lost = worker.appRequests + files - worker.requests - running;
        if (worker.harakiris === 0) expect(lost).toBe(0);
        else expect(lost).toBeGreaterThanOrEqual(worker.harakiris);
      }
    });
  });

  it('has rushes with all workers busy and a growing queue, and calm periods', () => {
    const traffic = createTraffic();
    const idleLooks: number[] = [];
    const fullLooks: number[] = [];
    const rushes = new Set<number>();
    watch(traffic, 400, (state) => {
      rushes.add(traffic.rush);
      if (state.queue > 5) fullLooks.push(state.time);
      if (state.workers.some((worker) => statusOf(worker) === 'idle') && state.queue === 0)
        idleLooks.push(state.time);
    });
    const starts = [...rushes];
    for (const [place, start] of starts.entries()) {
      const gap = start - (starts[place - 1] ?? 0);
      expect(gap).toBeGreaterThanOrEqual(60);
      expect(gap).toBeLessThanOrEqual(90);
    }
    const passed = starts.filter((start) => start < 380);
    for (const start of passed)
      expect(fullLooks.some((time) => time > start && time < start + 20)).toBe(true);
    for (const time of fullLooks)
      expect(starts.some((start) => time > start && time < start + 30)).toBe(true);
    expect(idleLooks.length).toBeGreaterThan(250);
  });

  it('refuses clients if its queue is full: it holds one more than its limit', () => {
    const traffic = createTraffic({ workers: 1, cores: 1, rate: 200 });
    const queues = new Set<number>();
    watch(traffic, 60, (state) => queues.add(state.queue));
    expect(Math.max(...queues)).toBe(traffic.state.maxQueue + 1);
  });

  it('starts its last workers in the first rush and stops them later: pid 0, and the counters remain', () => {
    const traffic = createTraffic();
    const last = () => traffic.state.workers.slice(6);
    expect(last()).toMatchObject([{ spawns: 0 }, { spawns: 0 }]);
    traffic.advance(traffic.rush - 1);
    expect(last()).toMatchObject([
      { spawns: 0, pid: 0 },
      { spawns: 0, pid: 0 },
    ]);
    traffic.advance(12);
    expect(last()).toMatchObject([
      { cheap: false, spawns: 1 },
      { cheap: false, spawns: 1 },
    ]);
    traffic.advance(25);
    const stopped = last().filter(({ cheap }) => cheap);
    expect(stopped.length).toBeGreaterThan(0);
    for (const worker of stopped) expect(worker).toMatchObject({ pid: 0, rss: 0, vsz: 0, spawns: 1 });
    for (const worker of stopped) expect(worker.requests).toBeGreaterThan(0);
  });

  it('counts as uWSGI does', () => {
    const traffic = createTraffic({ workers: 1, cores: 1, rate: 3 });
    let before = copy(traffic.state).workers[0];
    let checked = 0;
    for (let step = 0; step < 20_000; step++) {
      const running = traffic.state.workers[0]?.cores[0]?.request;
      traffic.advance(0.001);
      const [worker] = copy(traffic.state).workers;
      if (!worker || !before) throw new Error('there is no worker');
      if (worker.requests === before.requests) {
        expect(worker.runningTime).toBe(before.runningTime);
        expect(worker.tx).toBe(before.tx);
      } else if (running && worker.requests === before.requests + 1 && worker.pid === before.pid) {
        const took = Math.round((running.end - running.start) * 1e6);
        expect(worker.runningTime - before.runningTime).toBe(took);
        expect(worker.averageTime).toBe(Math.floor((before.averageTime + took) / 2));
        expect(worker.tx).toBeGreaterThan(before.tx);
        expect(worker.rss).toBeGreaterThanOrEqual(before.rss);
        checked += 1;
      }
      before = worker;
    }
    expect(checked).toBeGreaterThan(20);
  });

  it('replaces workers occasionally: a new pid, delta requests from 0, and continuing requests and times', () => {
    const traffic = createTraffic();
    let respawns = 0;
    let before = copy(traffic.state);
    watch(traffic, 900, (state) => {
      for (const [place, worker] of state.workers.entries()) {
        const old = before.workers[place];
        if (!old || old.spawns === 0 || worker.spawns === old.spawns || old.cheap) continue;
        respawns += 1;
        expect(worker.pid).not.toBe(old.pid);
        expect(worker.lastSpawn).toBeGreaterThan(old.lastSpawn);
        expect(worker.deltaRequests).toBeLessThan(old.deltaRequests);
        expect(worker.requests).toBeGreaterThanOrEqual(old.requests);
        expect(worker.runningTime).toBeGreaterThanOrEqual(old.runningTime);
      }
      before = copy(state);
    });
    expect(respawns).toBeGreaterThan(4);
    expect(respawns).toBeLessThan(60);
  });

  it('lets few requests hang until their worker is killed, and lets no request run longer', () => {
    const traffic = createTraffic({ seed: 2 });
    let oldest = 0;
    watch(traffic, 1800, (state) => {
      for (const request of inFlight(state)) oldest = Math.max(oldest, state.time - request.start);
    });
    const harakiris = sum(traffic.state, (worker) => worker.harakiris);
    expect(harakiris).toBeGreaterThan(0);
    expect(harakiris).toBeLessThan(30);
    expect(oldest).toBeLessThanOrEqual(HARAKIRI_SECONDS);
    expect(oldest).toBeGreaterThan(20);
  });

  it('has mostly fast requests, some slow ones and some exceptions', () => {
    const traffic = createTraffic({ seed: 9 });
    const seconds: number[] = [];
    for (let step = 0; step < 60 * 100; step++) {
      traffic.advance(0.01);
      for (const { start, end } of inFlight(traffic.state))
        if (start > traffic.state.time - 0.01) seconds.push(end - start);
    }
    const quick = seconds.filter((each) => each >= 0.005 && each <= 0.06);
    const slow = seconds.filter((each) => each >= 2);
    expect(quick.length / seconds.length).toBeGreaterThan(0.97);
    expect(slow.length).toBeGreaterThan(0);
    expect(Math.max(...slow)).toBeLessThanOrEqual(HARAKIRI_SECONDS);
    traffic.advance(300);
    const exceptions = sum(traffic.state, (worker) => worker.exceptions);
    expect(exceptions).toBeGreaterThan(5);
    expect(exceptions / requests(traffic.state)).toBeLessThan(0.01);
  });

  it('rejects impossible numbers', () => {
    expect(() => createTraffic({ workers: 0 })).toThrow('workers must be 1 or more');
    expect(() => createTraffic({ cores: 1.5 })).toThrow('cores must be 1 or more');
    expect(() => createTraffic({ rate: 0 })).toThrow('rate must be above 0');
    expect(() => createTraffic().advance(Number.NaN)).toThrow(RangeError);
  });
});

describe('FaultyTraffic', () => {
  it('reloads: the same master, new workers, all counters from 0, and it continues', () => {
    const traffic = new FaultyTraffic();
    // During a rush: the new workers must serve the waiting requests.
    traffic.advance(traffic.rush + 5);
    const before = copy(traffic.state);
    expect(before.queue).toBeGreaterThan(0);
    traffic.reload();
    const { state } = traffic;
    expect(state.pid).toBe(before.pid);
    expect(requests(state)).toBe(0);
    expect(state.workers).toHaveLength(before.workers.length);
    expect(state.workers[0]).toMatchObject({ spawns: 1, tx: 0, runningTime: 0, lastSpawn: state.time });
    expect(before.workers.map(({ pid }) => pid)).not.toContain(state.workers[0]?.pid);
    traffic.advance(60);
    expect(requests(state)).toBeGreaterThan(2000);
    expect(state.queue).toBeLessThan(before.queue);
  });

  it('gives one request the given URI', () => {
    const traffic = new FaultyTraffic();
    traffic.intrude('/x');
    traffic.intrude('/x');
    expect(inFlightFor(traffic.state, '/x')).toHaveLength(1);
    for (let step = 0; step < 1000; step++) {
      traffic.advance(0.01);
      traffic.intrude('/x');
      expect(inFlightFor(traffic.state, '/x')).toHaveLength(1);
    }
    traffic.advance(traffic.rush - 2);
    const running = inFlight(traffic.state).length;
    traffic.intrude('/y');
    expect(inFlight(traffic.state)).toHaveLength(running);
    expect(inFlightFor(traffic.state, '/y')).toHaveLength(1);
  });
});

const COUNTERS = [
  'requests',
  'exceptions',
  'harakiris',
  'tx',
  'runningTime',
  'spawns',
  'lastSpawn',
  'appRequests',
] as const;
