import { describe, expect, test } from 'vitest';
import type { AppSample } from '../../src/rates/sample.ts';
import { skipWithout } from '../lab/available.ts';
import { ask, startLoad } from '../lab/load.ts';
import { type Observer, observerOf } from '../lab/observer.ts';
import { serverOf } from '../lab/server.ts';

/** The last sample of an app server. */
function sampleOf({ observation: { sample } }: Observer): AppSample {
  if (sample?.kind !== 'app') throw new Error('no sample of an app server');
  return sample;
}

/** Pid of a worker in a state. */
async function pidOf(seen: Observer, wanted: 'busy' | 'idle'): Promise<number> {
  const worker = () =>
    sampleOf(seen).snapshot.workers.find(({ pid, status }) => pid !== null && status === wanted);
  await seen.until(() => expect(worker()).toBeDefined());
  return worker()?.pid ?? 0;
}

/** A request that the server does not answer, because its worker ends. */
const cutOff = (...args: Parameters<typeof ask>) => ask(...args).catch(() => null);

describe.skipIf(skipWithout())('events of a real server', () => {
  test('a harakiri has the request that was last seen', async () => {
    const server = await serverOf({ processes: 2, args: ['--harakiri', '2'] });
    const seen = await observerOf(server.target);
    const request = cutOff(server.http, '/sleep/20?page=7');
    const pid = await pidOf(seen, 'busy');
    await request;
    await seen.until(() => expect(sampleOf(seen).totals.respawns).toBe(1));
    const [harakiri] = seen.events('harakiri', 'respawn');
    expect(seen.events('harakiri', 'respawn')).toEqual([harakiri]);
    expect(harakiri?.text).toMatch(
      new RegExp(
        `^worker [12] \\(pid ${pid}\\) was killed; last seen: GET /sleep/20\\?page=7 for \\ds on core 0$`,
      ),
    );
  });

  test('a killed worker is replaced, with the request that ended with it', async () => {
    const server = await serverOf({ processes: 2 });
    const seen = await observerOf(server.target);
    process.kill(await pidOf(seen, 'idle'), 'SIGKILL');
    await seen.until(() => expect(seen.events('respawn')).toHaveLength(1));
    const request = cutOff(server.http, '/sleep/20');
    const pid = await pidOf(seen, 'busy');
    process.kill(pid, 'SIGKILL');
    await seen.until(() => expect(seen.events('respawn')).toHaveLength(2));
    await request;
    expect(seen.events().map(({ text }) => text)).toEqual([
      expect.stringMatching(/^worker 1 was replaced \(now pid \d+\)$/),
      expect.stringMatching(
        new RegExp(
          `^worker \\d \\(pid ${pid}\\) ended and was replaced; last seen: GET /sleep/20( for \\d+s| for <1s) on core 0$`,
        ),
      ),
    ]);
  });

  test('a graceful reload (SIGHUP) lasts from the wait for requests until all workers serve', async () => {
    const server = await serverOf({ processes: 2 });
    const seen = await observerOf(server.target);
    const request = cutOff(server.http, '/sleep/30');
    const pid = await pidOf(seen, 'busy');
    process.kill(server.pid(), 'SIGHUP');
    await seen.until(() => expect(seen.events('reload')[0]?.until).toBe(null));
    // The end of the request, for which the reload waits.
    process.kill(pid, 'SIGKILL');
    await seen.until(() => expect(seen.events('reload')[0]?.until).not.toBe(null));
    await request;
    const [reload] = seen.events('reload', 'restart', 'respawn');
    expect(seen.events('reload', 'restart', 'respawn')).toEqual([reload]);
    expect(reload?.text).toBe('graceful reload or stop of 2 workers, waits for requests');
    expect((reload?.until ?? 0) - (reload?.time ?? 0)).toBeGreaterThanOrEqual(2);
    expect(reload).not.toHaveProperty('result');
  });

  test('an outage has an end, and the new master is a restart', async () => {
    const server = await serverOf({ processes: 2 });
    const seen = await observerOf(server.target);
    const before = server.pid();
    process.kill(before, 'SIGKILL');
    await seen.until(() => expect(seen.events('lost')).toHaveLength(1));
    expect(seen.events('lost')[0]).toMatchObject({ text: 'connection refused', until: null });
    await server.restart({});
    await seen.until(() => expect(seen.events('restart')[0]?.until ?? null).not.toBeNull());
    const [lost] = seen.events('lost');
    const [restored] = seen.events('restored');
    expect(lost?.until).toBe(restored?.time);
    expect(seen.events('restart')[0]?.text).toBe(`new master: pid ${before} → ${server.pid()}; 2 workers`);
  });

  test('the starts of cheaper are one event', async () => {
    const server = await serverOf({ processes: 4, cheaper: 1, args: ['--cheaper-overload', '1'] });
    const seen = await observerOf(server.target);
    const load = startLoad({ to: server.http, path: '/sleep/0.3', connections: 8, seconds: 600 });
    await seen.until(() => expect(sampleOf(seen).totals.cheap).toBe(0));
    await load.stop();
    expect(seen.events('cheaper', 'respawn')).toEqual([
      expect.objectContaining({ kind: 'cheaper', text: '3 workers started; 4 of 4 run', until: null }),
    ]);
    expect(seen.observation.traces.cheaper).toMatchObject({ started: 3, stopped: 0, least: 2, most: 4 });
  });

  test('a burst of exceptions begins and ends', async () => {
    const server = await serverOf({ processes: 2 });
    const seen = await observerOf(server.target, {
      levels: { exceptions: { warning: 0.5, critical: null } },
    });
    await startLoad({ to: server.http, path: '/boom', connections: 1, seconds: 600, count: 10 }).finished;
    await seen.until(() => expect(seen.events('began')).toHaveLength(1));
    await startLoad({ to: server.http, path: '/', connections: 1, seconds: 600, count: 40 }).finished;
    await seen.until(() => expect(seen.events('ended')).toHaveLength(1));
    const [began, ended] = seen.events('began', 'ended');
    expect(began).toMatchObject({ severity: 'warning', until: ended?.time, about: { view: 'apps' } });
    expect(began?.text).toMatch(/exceptions in .*, 100% of requests$/);
    expect(ended?.text).toMatch(/^after \d+s; at worst: \d+ exceptions in .*, 100% of requests$/);
  });
});
