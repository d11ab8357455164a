import { describe, expect, it } from 'vitest';
import { beginRequest, endRequest, harakiri, makeCheap, startProcess } from '../../src/demo/accounting.ts';
import { Random } from '../../src/demo/random.ts';
import type { Route } from '../../src/demo/routes.ts';
import type { Request } from '../../src/demo/state.ts';
import { newWorker, statusOf, type WorkerState } from '../../src/demo/state.ts';

const ROUTE: Route = {
  weight: 1,
  method: 'GET',
  uri: () => '/',
  seconds: [1, 1],
  bytes: [500, 500],
  exceptions: 0,
};

/** Starts a request of 2 seconds on a core of the worker. */
function begin(worker: WorkerState, core: number, route: Partial<Route> = {}): Request {
  const state = worker.cores[core];
  if (!state) throw new Error('the worker has no such core');
  const more = { draw: 1, stuck: false, lost: false };
  const request = { start: 10, end: 12, route: { ...ROUTE, ...route }, worker, core: state, ...more };
  beginRequest(request);
  return request;
}

function running(): WorkerState {
  const worker = newWorker(3, 2);
  startProcess(worker, 77, 5);
  return worker;
}

describe('a process', () => {
  it('restarts with the counters of its worker and without those of the process', () => {
    const worker = running();
    expect(worker).toMatchObject({ pid: 77, spawns: 1, lastSpawn: 5, cheap: false, accepting: false });
    endRequest(begin(worker, 0), new Random(1));
    worker.retiring = true;
    startProcess(worker, 78, 20);
    expect(worker).toMatchObject({ pid: 78, spawns: 2, lastSpawn: 20, deltaRequests: 0, rss: 0, vsz: 0 });
    expect(worker).toMatchObject({ requests: 1, runningTime: 2_000_000, tx: 500, retiring: false });
  });

  it('is cheap before its first start and while it is not needed', () => {
    expect(statusOf(newWorker(1, 1))).toBe('cheap');
    const worker = running();
    worker.accepting = true;
    endRequest(begin(worker, 0), new Random(1));
    makeCheap(worker);
    expect(statusOf(worker)).toBe('cheap');
    expect(worker).toMatchObject({ rss: 0, vsz: 0, pid: 77, accepting: true, requests: 1 });
  });

  it('loses its requests in flight when it is killed', () => {
    const worker = running();
    const requests = [begin(worker, 0), begin(worker, 1)];
    harakiri(worker);
    expect(requests.map(({ lost }) => lost)).toEqual([true, true]);
    expect(worker).toMatchObject({ harakiris: 1, busy: 0, requests: 0, appRequests: 2 });
    expect(worker.cores.map(({ request }) => request)).toEqual([null, null]);
  });
});

describe('a request', () => {
  it('is counted by the application when it begins, and by the other counters when it ends', () => {
    const worker = running();
    const request = begin(worker, 1);
    expect(worker).toMatchObject({ appRequests: 1, requests: 0, runningTime: 0, busy: 1 });
    expect(statusOf(worker)).toBe('busy');
    endRequest(request, new Random(1));
    expect(worker).toMatchObject({ requests: 1, deltaRequests: 1, runningTime: 2_000_000, busy: 0, tx: 500 });
    expect(worker.averageTime).toBe(1_000_000);
    expect(worker.rss).toBeGreaterThan(2 ** 26);
    expect(worker.vsz).toBeGreaterThan(worker.rss);
    expect(worker.rss % 4096).toBe(0);
    expect(worker.cores.map(({ requests }) => requests)).toEqual([0, 1]);
    endRequest(begin(worker, 0), new Random(1));
    expect(worker.averageTime).toBe(1_500_000);
  });

  it('for a static file never reaches the application', () => {
    const worker = running();
    endRequest(begin(worker, 0, { static: true }), new Random(1));
    expect(worker).toMatchObject({ appRequests: 0, requests: 1 });
    expect(worker.cores[0]?.staticRequests).toBe(1);
  });

  it('that ends in an exception is also counted', () => {
    const worker = running();
    endRequest(begin(worker, 0, { exceptions: 1 }), new Random(1));
    expect(worker).toMatchObject({ exceptions: 1, requests: 1 });
    expect(worker.cores[0]?.exceptions).toBe(1);
  });
});
