import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Pool } from '../../src/serve/pool.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';
import { document, type Stats, statsOf } from './stats.ts';

/** So long that no read happens without a scrape. */
const NEVER = 3600;

function poolOf(interval = NEVER, timeoutSeconds = TIMEOUT_SECONDS): Pool {
  const pool = new Pool({
    timeoutSeconds,
    interval,
    observe: {},
    fail: (error) => {
      throw error;
    },
  });
  onTestFinished(() => pool.stop());
  return pool;
}

const requestsOf = (pool: Pool, target: string) => {
  const { sample } = pool.of(target) ?? {};
  return sample?.kind === 'app' ? sample.totals.requests : null;
};

const WAIT = { timeout: TIMEOUT_MS, interval: 5 };

describe('scrapes', () => {
  it('of one second share one read', async () => {
    const stats = await statsOf((socket, read) => socket.end(document(read)));
    const pool = poolOf();
    pool.observe([stats.watched]);
    const from = SYSTEM_CLOCK.monotonic();
    await Promise.all(Array.from({ length: 50 }, () => pool.refresh(pool.targets, TIMEOUT_SECONDS)));
    for (let scrape = 0; scrape < 20; scrape += 1) {
      await sleep(10);
      await pool.refresh(pool.targets, TIMEOUT_SECONDS);
    }
    // Each further second may have one more read.
    expect(stats.reads()).toBeLessThanOrEqual(1 + (SYSTEM_CLOCK.monotonic() - from));
    expect(requestsOf(pool, stats.target)).toBeGreaterThan(0);
  });

  it('get new values once the last ones are a second old, without waiting for the interval', async () => {
    const stats = await statsOf((socket, read) => socket.end(document(read)));
    const pool = poolOf();
    pool.observe([stats.watched]);
    for (let read = 1; read <= 3; read += 1) {
      await pool.refresh(pool.targets, TIMEOUT_SECONDS);
      expect(requestsOf(pool, stats.target)).toBeGreaterThanOrEqual(read);
      const at = SYSTEM_CLOCK.monotonic();
      await vi.waitFor(() => expect(SYSTEM_CLOCK.monotonic() - at).toBeGreaterThan(1), WAIT);
    }
  });

  it('are answered once the kernel has answered, even if that takes longer than a second', async () => {
    const stats = await statsOf((socket, read) => socket.end(document(read)));
    const pool = poolOf();
    const hostOf = () => sleep(1200, null);
    pool.observe([{ ...stats.watched, hostOf }]);
    await pool.refresh(pool.targets, 5 * TIMEOUT_SECONDS);
    expect([requestsOf(pool, stats.target), stats.reads()]).toEqual([1, 1]);
  });

  it('do not wait for a server that is slower than their patience', async () => {
    const fast = await statsOf((socket, read) => socket.end(document(read)));
    const slow = await statsOf((socket) => socket.write('{'));
    const pool = poolOf();
    pool.observe([fast.watched, slow.watched]);
    await pool.refresh(pool.targets, 0.2);
    await pool.refresh([fast.target], TIMEOUT_SECONDS);
    // A second read is made if the machine takes a second for the first lines.
    expect(requestsOf(pool, fast.target)).toBe(fast.reads());
    expect(pool.of(slow.target)?.connection.state).toBe('connecting');
    expect(slow.reads()).toBe(1);
  });

  it('do not wait for a server that cannot be read, and do not read it more often', async () => {
    const stats = await statsOf((socket) => socket.resetAndDestroy());
    const pool = poolOf();
    pool.observe([stats.watched]);
    await pool.refresh(pool.targets, TIMEOUT_SECONDS);
    expect(pool.of(stats.target)?.connection.state).toBe('lost');
    const before = stats.reads();
    for (let scrape = 0; scrape < 50; scrape += 1) await pool.refresh(pool.targets, TIMEOUT_SECONDS);
    expect(stats.reads()).toBe(before);
  });
});

describe('servers', () => {
  it('are read without scrapes, for the findings', async () => {
    const stats = await statsOf((socket, read) => socket.end(document(read)));
    const pool = poolOf(0.1);
    pool.observe([stats.watched]);
    await pool.until(() => (requestsOf(pool, stats.target) ?? 0) >= 3, TIMEOUT_SECONDS);
    expect(requestsOf(pool, stats.target)).toBeGreaterThanOrEqual(3);
  });

  it('come and go, and those that stay keep what is known about them', async () => {
    const one = await statsOf((socket, read) => socket.end(document(read)));
    const other = await statsOf((socket, read) => socket.end(document(read)));
    const pool = poolOf();
    pool.observe([one.watched]);
    await pool.refresh(pool.targets, TIMEOUT_SECONDS);
    pool.observe([one.watched, other.watched]);
    expect(requestsOf(pool, one.target)).toBe(1);
    await pool.refresh(pool.targets, TIMEOUT_SECONDS);
    expect(requestsOf(pool, other.target)).toBe(1);
    pool.observe([other.watched]);
    expect(pool.of(one.target)).toBeUndefined();
    expect(pool.observation(pool.targets).sample.members.map(({ name }) => name)).toEqual([other.target]);
  });

  it('that differ only in a secret are several', async () => {
    const one = await statsOf((socket) => socket.end(document(100)));
    const two = await statsOf((socket) => socket.end(document(200)));
    const given = await statsOf((socket) => socket.end(document(300)));
    const masked = ({ target, watched }: Stats) => ({
      ...watched,
      server: { ...watched.server, target: 'exec:***' },
      identity: target,
    });
    const pool = poolOf();
    pool.observe([masked(given)]);
    const probed = [one, two].map((stats) => pool.probe(masked(stats)));
    expect(probed).toEqual(['exec:*** (2)', 'exec:*** (3)']);
    expect([two, one].map((stats) => pool.probe(masked(stats)))).toEqual(probed.toReversed());
    expect(pool.probe(masked(given))).toBe('exec:***');
    await pool.refresh(['exec:***', ...probed], TIMEOUT_SECONDS);
    expect(['exec:***', ...probed].map((target) => requestsOf(pool, target))).toEqual([300, 100, 200]);
    // A server that is given from now on has its text, so one that is probed gets another.
    pool.observe([
      masked(given),
      { ...given.watched, server: { ...given.watched.server, target: 'exec:*** (2)' } },
    ]);
    expect(pool.probe(masked(one))).toBe('exec:*** (4)');
  });

  it('that are probed are not among the others, and at most a hundred are kept', async () => {
    const given = await statsOf((socket, read) => socket.end(document(read)));
    const probed = await statsOf((socket, read) => socket.end(document(read)));
    const pool = poolOf();
    pool.observe([given.watched]);
    pool.probe(probed.watched);
    await pool.refresh([probed.target], TIMEOUT_SECONDS);
    expect(pool.targets).toEqual([given.target]);
    expect(pool.observation([probed.target]).sample.members).toHaveLength(1);
    expect(requestsOf(pool, probed.target)).toBe(1);
    // A second probe of the same server shares its read.
    pool.probe(probed.watched);
    await pool.refresh([probed.target], TIMEOUT_SECONDS);
    for (let at = 0; at < 150; at += 1)
      pool.probe({
        ...probed.watched,
        server: { ...probed.watched.server, target: `127.0.0.1:1#${at}` },
        target: null,
      });
    expect(pool.of(probed.target)).toBeUndefined();
    expect(pool.of('127.0.0.1:1#49')).toBeUndefined();
    expect(pool.of('127.0.0.1:1#50')).toBeDefined();
    expect(requestsOf(pool, given.target)).not.toBeNull();
  });
});
