import { describe, expect, test } from 'vitest';
import { requestsInFlight } from '../../src/rates/in-flight.ts';
import type { AppSample } from '../../src/rates/sample.ts';
import { skipWithout } from '../lab/available.ts';
import { ask, startLoad } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';

/** The internal state in the document of a server: requests in flight, cheap workers, memory, queues. */
describe.skipIf(skipWithout())('the internal state of a real server', () => {
  test('a request in flight is shown with its URI, on the core that runs it', async () => {
    const server = await serverOf({ processes: 2 });
    const reader = readerOf(server.target);
    const request = ask(server.http, '/sleep/1.5?token=abc');
    // A core is in a request from the moment it accepts. Its variables follow a moment later.
    const sample = await appUntil(reader, (each) => urisOf(each).length > 0);
    expect(sample.totals).toMatchObject({
      workers: 2,
      busy: 1,
      idle: 1,
      cores: 2,
      coresBusy: 1,
      requests: 0,
    });
    const [seen, ...others] = requestsInFlight(sample);
    expect(others).toEqual([]);
    expect(seen).toMatchObject({ core: 0, method: 'GET', uri: '/sleep/1.5?token=abc', host: 'localhost' });
    expect(seen?.age).toBeLessThan(5);
    const busy = sample.snapshot.workers.find(({ status }) => status === 'busy');
    expect(seen?.worker).toBe(busy?.id);

    expect((await request).status).toBe(200);
    // The request is counted a little before its core is free.
    const after = await appUntil(reader, ({ totals }) => totals.requests === 1 && totals.busy === 0);
    expect(after.totals).toMatchObject({ idle: 2, coresBusy: 0 });
    for (const { cores } of after.snapshot.workers) {
      for (const { vars, requestStart } of cores) expect([vars, requestStart]).toEqual([[], null]);
    }
  });

  test('threads: several cores of one worker are in a request', async () => {
    const server = await serverOf({ processes: 1, threads: 4 });
    const reader = readerOf(server.target);
    const paths = ['/sleep/1.5?a', '/sleep/1.5?b', '/sleep/1.5?c'];
    const requests = paths.map((path) => ask(server.http, path));
    const sample = await appUntil(reader, (each) => urisOf(each).length === 3);
    expect(sample.totals).toMatchObject({ workers: 1, busy: 1, cores: 4, coresBusy: 3 });
    expect(sample.snapshot.workers[0]?.cores.map(({ id }) => id)).toEqual([0, 1, 2, 3]);
    expect(urisOf(sample)).toEqual(paths);
    expect(new Set(requestsInFlight(sample).map(({ core }) => core)).size).toBe(3);
    await Promise.all(requests);
  });

  test('cheaper: workers that never ran have their own ids and no pid', async () => {
    const server = await serverOf({ processes: 4, cheaper: 1 });
    const { sample } = await readerOf(server.target).app();
    expect(sample.snapshot.workers.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(sample.snapshot.workers.map(({ status }) => status)).toEqual(['idle', 'cheap', 'cheap', 'cheap']);
    expect(sample.snapshot.workers[0]?.pid).toBeGreaterThan(0);
    for (const worker of sample.snapshot.workers.slice(1)) expect(worker.pid).toBeNull();
    expect(sample.totals).toMatchObject({ workers: 4, idle: 1, cheap: 3, cores: 1, respawns: 0 });
  });

  test('cheaper: a worker that is started by load is neither a respawn nor a reset', async () => {
    const server = await serverOf({ processes: 3, cheaper: 1 });
    const reader = readerOf(server.target);
    await reader.app();
    const load = startLoad({ to: server.http, path: '/sleep/0.3', connections: 3, seconds: 20 });
    const { totals, snapshot, reset } = await appUntil(reader, (sample) => {
      expect(sample.reset).toBe(false);
      return sample.snapshot.workers[1]?.pid !== null;
    });
    await load.stop();
    expect(reset).toBe(false);
    expect(totals.respawns).toBe(0);
    expect(totals.cheap).toBeLessThan(2);
    expect(snapshot.workers[1]?.lastSpawn).toBeGreaterThan(0);
  });

  test('memory is known with --memory-report and unknown without', async () => {
    const [reporting, silent] = [await serverOf({ processes: 1, memoryReport: true }), await serverOf()];
    // uWSGI measures it at the end of each request.
    for (const server of [reporting, silent]) await ask(server.http, '/');
    const known = await appUntil(readerOf(reporting.target), (sample) => sample.totals.requests === 1);
    expect(known.snapshot.workers[0]?.rss).toBeGreaterThan(2 ** 20);
    expect(known.snapshot.workers[0]?.vsz).toBeGreaterThan(known.snapshot.workers[0]?.rss ?? Number.NaN);
    const unknown = await appUntil(readerOf(silent.target), (sample) => sample.totals.requests === 1);
    for (const { rss, vsz } of unknown.snapshot.workers) expect([rss, vsz]).toEqual([null, null]);
  });

  test('the queue of a TCP socket is known, and that of a unix socket is unknown', async () => {
    const [tcp, unix] = [await serverOf({ processes: 1, httpPort: true }), await serverOf({ processes: 1 })];
    const loads = [tcp, unix].map(({ http }) =>
      startLoad({ to: http, path: '/sleep/0.5', connections: 4, seconds: 5 }),
    );
    // One request runs, and three wait. The master counts once per second.
    const { totals, snapshot } = await appUntil(readerOf(tcp.target), (sample) => sample.totals.queue === 3);
    expect(totals.maxQueue).toBe(100);
    expect(snapshot.sockets.map(({ queue }) => queue).sort()).toEqual([3, null, null]);
    const { sample } = await readerOf(unix.target).app();
    expect(sample.totals).toMatchObject({ queue: null, maxQueue: null });
    await Promise.all(loads.map((load) => load.stop()));
  });

  test('a harakiri and the respawn after it are counted', async () => {
    const server = await serverOf({ processes: 1, args: ['--harakiri', '1'] });
    const reader = readerOf(server.target);
    await reader.app();
    const { status } = await ask(server.http, '/sleep/20');
    expect(status).toBeNull();
    const { totals } = await appUntil(reader, (sample) => sample.totals.respawns === 1);
    expect(totals.harakiris).toBe(1);
  });

  test('startup_time of an application is its loading time in seconds', async () => {
    const server = await serverOf({ processes: 1, importSeconds: 2, args: ['--lazy-apps'] });
    const reader = readerOf(server.target);
    const { snapshot } = await appUntil(
      reader,
      (sample) => (sample.snapshot.workers[0]?.apps.length ?? 0) > 0,
    );
    const [app] = snapshot.workers[0]?.apps ?? [];
    // The difference of two times of the wall clock in whole seconds.
    expect([2, 3]).toContain(app?.startupTime);
  });

  test('/burn keeps a worker busy and counts as running time', async () => {
    const server = await serverOf({ processes: 1 });
    const reader = readerOf(server.target);
    await reader.app();
    await ask(server.http, '/burn/0.3');
    await appUntil(readerOf(server.target), ({ totals }) => totals.requests === 1);
    const { sample } = await reader.app();
    expect(sample.totals.requestsDelta).toBe(1);
    expect(sample.totals.responseTime).toBeGreaterThanOrEqual(0.3);
  });
});

function urisOf(sample: AppSample): string[] {
  return requestsInFlight(sample)
    .flatMap(({ uri }) => uri ?? [])
    .sort();
}
