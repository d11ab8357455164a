import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { coreSamples } from '../../src/rates/rates.ts';
import type { AppSample, Sample } from '../../src/rates/sample.ts';
import { RefusedError, SilentError } from '../../src/sources/errors.ts';
import { openSource } from '../../src/sources/open.ts';
import { read } from '../../src/sources/read.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { skipWithout } from '../lab/available.ts';
import { countable, startLoad } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import { follow } from '../sources/following.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';

/** Events in the life of a server: workers die, it reloads, it is replaced. */
describe.skipIf(skipWithout())('the life cycle of a real server', () => {
  test('a killed worker: its counters continue, and no rate is lost or negative', async () => {
    const server = await serverOf({ processes: 2 });
    const reader = readerOf(server.target);
    const load = startLoad({ to: server.http, path: '/', connections: 5, rate: 100, seconds: 30 });
    await sleep(500);
    const beforeFrom = SYSTEM_CLOCK.monotonic();
    const before = await reader.app();
    const [first, second] = before.sample.snapshot.workers;
    // The kernel chooses which worker it wakes. The busier one has more counters that could be lost.
    const victim = (first?.requests ?? 0) > (second?.requests ?? 0) ? first : second;
    if (!victim?.pid) throw new Error('the worker has no pid');
    const place = victim.id - 1;

    process.kill(victim.pid, 'SIGKILL');
    const samples: AppSample[] = [];
    while (samples.at(-1)?.workers[place]?.respawns !== 1 && samples.length < 20) {
      await sleep(300);
      samples.push((await reader.app()).sample);
    }
    await sleep(300);
    const afterFrom = SYSTEM_CLOCK.monotonic();
    const after = await reader.app();
    samples.push(after.sample);
    await load.stop();

    for (const sample of samples) expectRates(sample);
    const worker = after.sample.snapshot.workers[place];
    expect(worker?.pid).not.toBe(victim.pid);
    expect(after.sample.workers[place]?.respawns).toBe(1);
    expect(after.sample.totals.respawns).toBe(1);
    expect(samples.reduce((sum, sample) => sum + (sample.totals.respawnsDelta ?? Number.NaN), 0)).toBe(1);
    expect(worker?.requests).toBeGreaterThanOrEqual(victim.requests ?? Number.NaN);
    expect(worker?.requestsSinceSpawn).toBeLessThan(worker?.requests ?? 0);

    // The samples together contain the requests sent, except the one that died with its worker.
    const counted = samples.reduce((sum, sample) => sum + (sample.totals.requestsDelta ?? Number.NaN), 0);
    const answered = load.outcomes.filter(({ status }) => status === 200);
    const spans = [
      { from: beforeFrom, to: before.to },
      { from: afterFrom, to: after.to },
    ] as const;
    const { least, most } = countable(answered, ...spans, after.sample.totals.cores ?? 0);
    expect(counted).toBeGreaterThanOrEqual(least);
    expect(counted).toBeLessThanOrEqual(most);
    expect(load.outcomes.filter(({ status }) => status === null).length).toBeLessThanOrEqual(1);
  });

  test('a reload (SIGHUP) is a reset without rates, and the next sample has rates again', async () => {
    const server = await serverOf({ processes: 2 });
    const reader = readerOf(server.target);
    await startLoad({ to: server.http, path: '/', connections: 2, seconds: 600, count: 30 }).finished;
    const before = await appUntil(reader, ({ totals }) => totals.requests === 30);

    process.kill(server.pid(), 'SIGHUP');
    // The master executes itself again and reopens its sockets. For a moment no connection is accepted.
    const reset = await appUntil(reader, (sample) => sample.reset);
    expect(reset.snapshot.server.pid).toBe(before.snapshot.server.pid);
    expectNoRates(reset);
    expect(reset.totals.requests).toBe(0);

    await startLoad({ to: server.http, path: '/', connections: 2, seconds: 600, count: 20 }).finished;
    const after = await appUntil(reader, (sample) => sample.totals.requests === 20);
    expect(after.reset).toBe(false);
    expectRates(after);
  });

  test('a reload between two reads is not taken for progress, even if the new counters are higher', async () => {
    const server = await serverOf({ processes: 1 });
    const reader = readerOf(server.target);
    await startLoad({ to: server.http, path: '/', connections: 1, seconds: 600, count: 3 }).finished;
    const oldPid = (await reader.app()).sample.snapshot.workers[0]?.pid;
    process.kill(server.pid(), 'SIGHUP');
    // A second reader observes the reload. For the reader under test it is all in one interval.
    const onlooker = readerOf(server.target);
    await appUntil(onlooker, ({ snapshot }) => snapshot.workers[0]?.pid !== oldPid);
    await startLoad({ to: server.http, path: '/bytes/9000', connections: 1, seconds: 600, count: 40 })
      .finished;
    await appUntil(onlooker, ({ totals }) => totals.requests === 40);
    const after = (await reader.app()).sample;
    expect(after.totals.requests).toBe(40);
    expect(after.reset).toBe(true);
    expectNoRates(after);
  });

  test('a crashed server leaves a dead socket, and its restart is a reset', async () => {
    const server = await serverOf();
    const reader = readerOf(server.target);
    await reader.app();
    process.kill(server.pid(), 'SIGKILL');
    await vi.waitFor(() => expect(reader.next()).rejects.toThrow(RefusedError), TIMEOUT_MS);
    await server.restart({});
    const { sample } = await reader.app();
    expect(sample.reset).toBe(true);
    expectNoRates(sample);
    expectRates((await reader.app()).sample);
  });

  test('a restart with --stats-http at the same path is read again after one failure', async () => {
    const server = await serverOf();
    const reader = readerOf(server.target, 1);
    expect((await reader.app()).protocol).toBe('raw');
    await server.restart({ statsHttp: true });
    // A server known as raw is never sent a byte, but this one waits for a request.
    await expect(reader.next()).rejects.toThrow(SilentError);
    const back = await reader.app();
    expect(back.protocol).toBe('http');
    expect(back.sample.reset).toBe(true);
    expectRates((await reader.app()).sample);
  });

  test('a restart without --stats-http at the same path is read again at once', async () => {
    const server = await serverOf({ statsHttp: true });
    const reader = readerOf(server.target);
    expect((await reader.app()).protocol).toBe('http');
    await server.restart({ statsHttp: false });
    const back = await reader.app();
    expect(back.protocol).toBe('raw');
    expect(back.sample.reset).toBe(true);
    expectRates((await reader.app()).sample);
    // It is random whether the request or the server's close comes first, and each fails in its own way.
    for (let i = 0; i < 50; i++) {
      const { protocol } = await read(parseTarget(server.target), {
        timeoutSeconds: TIMEOUT_SECONDS,
        protocol: 'http',
      });
      expect(protocol).toBe('raw');
    }
  });

  test('the poll loop recovers from a change of protocol in both directions', async () => {
    const server = await serverOf();
    const source = openSource(parseTarget(server.target), { timeoutSeconds: 1, interval: () => 0.2 });
    /** The pid of the master while it answers. */
    let pid: number | null = null;
    follow(source, (event) => {
      pid = event.kind === 'document' ? event.snapshot.server.pid : null;
    });
    // Each start is another process, which speaks its own protocol only.
    const isRead = () => vi.waitFor(() => expect(pid).toBe(server.pid()), TIMEOUT_MS);
    await isRead();
    await server.restart({ statsHttp: true });
    await isRead();
    await server.restart({ statsHttp: false });
    await isRead();
  });
});

/** Numbers of an interval that a sample must contain and that can never be negative. */
function numbersOfInterval(sample: AppSample): (number | null)[] {
  const { totals, workers } = sample;
  return [
    totals.rps,
    totals.requestsDelta,
    totals.txRate,
    totals.exceptionsDelta,
    totals.respawnsDelta,
    ...workers.flatMap((worker) => [
      worker.rps,
      worker.txRate,
      worker.runningTimeDelta,
      ...coreSamples(sample, worker).map((core) => core.rps),
    ]),
  ];
}

function expectRates(sample: Sample): void {
  if (sample.kind !== 'app') throw new Error(sample.kind);
  expect(sample.reset).toBe(false);
  for (const number of numbersOfInterval(sample)) expect(number).toBeGreaterThanOrEqual(0);
}

function expectNoRates(sample: AppSample): void {
  for (const number of numbersOfInterval(sample)) expect(number).toBeNull();
}
