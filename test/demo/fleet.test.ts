import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DemoFleet, type FleetOptions, startFleet } from '../../src/demo/fleet.ts';
import { read } from '../../src/sources/read.ts';
import { snapshotOf } from '../../src/sources/snapshot.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';

async function fleetWith(options: Partial<FleetOptions> = {}): Promise<DemoFleet> {
  const fleet = await startFleet({ servers: 4, rate: 1, ...options });
  onTestFinished(() => fleet.close());
  return fleet;
}

/** Kind and pid of a server; `null` while it does not run. */
async function seen(address: string) {
  const answer = await read(parseTarget(address), { timeoutSeconds: TIMEOUT_SECONDS }).catch(() => null);
  if (answer === null) return null;
  const { kind, server } = snapshotOf(address, answer);
  return { kind, pid: server.pid };
}

const allSeen = ({ addresses }: DemoFleet) => Promise.all(addresses.map(seen));

describe('a demo of several servers', () => {
  it('has servers with different names and loads, and an emperor', async () => {
    const fleet = await fleetWith({ servers: 12 });
    expect(new Set(fleet.addresses.map((address) => basename(address))).size).toBe(12);
    const kinds = (await allSeen(fleet)).map((each) => each?.kind);
    expect(kinds.filter((kind) => kind === 'emperor')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'app')).toHaveLength(11);
  });

  it('has different names also if there are many', async () => {
    const fleet = await fleetWith({ servers: 40, workers: 1, cores: 1 });
    expect(new Set(fleet.addresses.map((address) => basename(address))).size).toBe(40);
  });

  it('is the same for the same seed', async () => {
    const [one, two, other] = await Promise.all([
      fleetWith({ seed: 7 }).then(allSeen),
      fleetWith({ seed: 7 }).then(allSeen),
      fleetWith({ seed: 8 }).then(allSeen),
    ]);
    expect(two).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('removes its sockets and their folder', async () => {
    const fleet = await fleetWith();
    const [first = ''] = fleet.addresses;
    expect(existsSync(first)).toBe(true);
    await fleet.close();
    expect(existsSync(dirname(first))).toBe(false);
  });

  it('has a server that ends and starts again as another process', async () => {
    const { addresses } = await fleetWith({ life: { up: 0.3, down: 0.3 } });
    const place = addresses.findIndex((address) => basename(address) === 'reports');
    const reports = () => seen(addresses[place] ?? '');
    const until = async (test: (now: Awaited<ReturnType<typeof seen>>) => boolean) => {
      const end = performance.now() + TIMEOUT_MS;
      for (;;) {
        const now = await reports();
        if (test(now)) return now;
        if (performance.now() > end) return expect.fail('the state was not reached');
        await sleep(20);
      }
    };
    const before = await until((now) => now !== null);
    await until((now) => now === null);
    const after = await until((now) => now !== null);
    expect(after?.pid).not.toBe(before?.pid);
    expect(await seen(addresses[0] ?? '')).not.toBeNull();
  });

  it('has a server that is slow', async () => {
    const { addresses } = await fleetWith();
    const seconds = async (name: string) => {
      const start = performance.now();
      await seen(addresses.find((address) => basename(address) === name) ?? '');
      return (performance.now() - start) / 1000;
    };
    expect(await seconds('search')).toBeGreaterThan(0.7);
  });

  it.each([0, 1, 2.5])('refuses %s servers', async (servers) => {
    await expect(startFleet({ servers })).rejects.toThrow('servers must be a whole number above 1');
  });

  it('removes its folder if a server does not start', async () => {
    await expect(startFleet({ servers: 3, workers: 0 })).rejects.toThrow('workers must be 1 or more');
  });
});
