import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost } from '../../src/host/host.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { spooler } from '../insights/cases.ts';
import { app, NEVER_RAN, SERVER, worker } from '../rates/builders.ts';
import { BOOT, type FakeHost, fakeHost, MASTER, put, saying, socket, WORKERS } from './fake-host.ts';

const hostOf = ({ target, proc, ss }: FakeHost) => createHost({ target: parseTarget(target), proc, ss });

const LINUX = Object.getOwnPropertyDescriptor(process, 'platform');

afterEach(() => {
  if (LINUX) Object.defineProperty(process, 'platform', LINUX);
});

describe('a server on this host', () => {
  it('is read: master, workers, queues and resources', async () => {
    const fake = await fakeHost();
    saying(fake.ss, 'u_str LISTEN 7 50 /run/app.sock 900 * 0');
    const snapshot = { ...fake.snapshot, sockets: [socket('/run/app.sock')] };
    const reading = await hostOf(fake).read(snapshot, 50);
    const known = {
      clock: expect.closeTo(50, 0),
      cpuTime: 2,
      cpu: null,
      rss: 2048 * 1024,
      vsz: null,
      threads: 1,
      state: 'S',
      started: BOOT + 6400,
      voluntarySwitches: 30,
      involuntarySwitches: 4,
      files: expect.any(Number),
      memory: null,
    };
    expect(reading).toEqual({
      clock: expect.closeTo(50, 0),
      master: { pid: MASTER, ...known },
      processes: new Map(WORKERS.map((pid, place) => [place + 1, { pid, ...known }])),
      listenOverflows: null,
      queues: new Map([['/run/app.sock', { queue: 7, limit: 50 }]]),
      children: new Map(),
      spools: new Map(),
      resources: { processors: 2, memory: 8_192_000, available: 6_144_000, load: 1.25 },
    });
    expect(reading?.clock).toBeGreaterThan(50);
  });

  it('includes the tasks of its spoolers', async () => {
    const fake = await fakeHost();
    const dir = join(fake.folder, 'spool');
    mkdirSync(dir);
    writeFileSync(join(dir, 'uwsgi_spoolfile_on_host_1_1_1_1_1'), '');
    const host = hostOf(fake);
    let clock = 50;
    // A reading does not wait long for the disk: a later one contains the result.
    await expect
      .poll(async () => {
        const reading = await host.read({ ...fake.snapshot, spoolers: [spooler({ dir })] }, clock++);
        return reading?.spools;
      })
      .toEqual(new Map([[dir, 1]]));
  });

  it('leaves out workers that do not run, have ended or are children of another process', async () => {
    const fake = await fakeHost();
    rmSync(join(fake.proc, '101'), { recursive: true });
    put(fake.proc, 103, { parent: 1 });
    put(fake.proc, 104);
    const workers = [
      NEVER_RAN,
      ...[101, 102, 103, MASTER, 104].map((pid) => worker({ pid, lastSpawn: BOOT + 6400 })),
    ];
    const reading = await hostOf(fake).read(app(workers.filter(({ pid }) => pid !== MASTER)), 50);
    expect([...(reading?.processes.keys() ?? [])]).toEqual([3, 5]);
    // There is no reading if a worker has the pid of its master.
    expect(await hostOf(fake).read(app(workers), 50)).toBeNull();
  });

  it.each([
    ['with', [900]],
    ['without', null],
  ])('%s permission includes only workers whose start time agrees with the document', async (_, sockets) => {
    const fake = await fakeHost({ sockets });
    put(fake.proc, 102, { sockets, startTicks: 650_000 });
    const reading = await hostOf(fake).read(fake.snapshot, 50);
    expect([...(reading?.processes.keys() ?? [])]).toEqual([1]);
    expect(reading?.processes.get(1)).toMatchObject({ pid: 101, voluntarySwitches: 30 });
  });

  it('is read again after half a second', async () => {
    const fake = await fakeHost();
    const host = hostOf(fake);
    const first = await host.read(fake.snapshot, 50);
    put(fake.proc, 101, { user: 1050 });
    expect(await host.read(fake.snapshot, 50.1)).toBe(first);
    expect(await host.read(fake.snapshot, 50.4)).toBe(first);
    const second = await host.read(fake.snapshot, 51);
    expect(second?.processes.get(1)?.cpuTime).toBe(11);
    expect(second?.clock).toBeCloseTo(51, 0);
  });

  it('is read at once for another master', async () => {
    const fake = await fakeHost();
    const host = hostOf(fake);
    const other = { ...fake.snapshot, server: { ...SERVER, pid: 12_345 } };
    expect(await host.read(other, 50)).toBeNull();
    expect(await host.read(fake.snapshot, 50.1)).not.toBeNull();
    expect(await host.read(other, 50.2)).toBeNull();
  });

  it('is read again each time if the reading must be complete', async () => {
    const { target, ...fake } = await fakeHost();
    const { snapshot } = fake;
    const path = '/run/app.sock';
    const host = createHost({ ...fake, target: parseTarget(target), whole: true });
    const known = async (queue: number) => {
      saying(fake.ss, `u_str LISTEN ${queue} 50 ${path} 900 * 0`);
      const reading = await host.read({ ...snapshot, sockets: [socket(path)] }, SYSTEM_CLOCK.monotonic());
      return [reading?.processes.get(2)?.cpuTime, reading?.queues.get(path)?.queue];
    };
    expect(await known(7)).toEqual([2, 7]);
    put(fake.proc, 102, { user: 250 });
    expect(await known(8)).toEqual([3, 8]);
  });

  it('includes the memory of the worker in the detail view only', async () => {
    const fake = await fakeHost();
    const rollup = 'Pss: 300 kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: 200 kB\n';
    for (const pid of WORKERS) writeFileSync(join(fake.proc, String(pid), 'smaps_rollup'), rollup);
    const host = hostOf(fake);
    const memories = async (clock: number, lookedAt?: number | null) => {
      const reading = await host.read(fake.snapshot, clock, lookedAt);
      return [...(reading?.processes.values() ?? [])].map(({ memory }) => memory);
    };
    expect(await memories(50)).toEqual([null, null]);
    // A reading does not wait long for the kernel: a later one contains the result.
    let clock = 50;
    await expect.poll(() => memories(++clock, 2)).toEqual([null, { pss: 307_200, uss: 204_800 }]);
    expect(await memories(clock + 1, 3)).toEqual([null, null]);
    put(fake.proc, 102, { startTicks: 640_100 });
    rmSync(join(fake.proc, '102', 'smaps_rollup'));
    expect(await memories(clock + 2, 2)).toEqual([null, null]);
  });

  it('is read once for simultaneous calls', async () => {
    const fake = await fakeHost();
    const host = hostOf(fake);
    const both = [host.read(fake.snapshot, 50), host.read(fake.snapshot, 50)];
    const [one, other] = await Promise.all(both);
    expect(one).not.toBeNull();
    expect(one).toBe(other);
  });

  it('is proved once, and again when another process has its pid', async () => {
    const fake = await fakeHost();
    const host = hostOf(fake);
    expect(await host.read(fake.snapshot, 50)).not.toBeNull();
    // Its sockets no longer matter after the proof.
    put(fake.proc, MASTER, { parent: 1, sockets: [] });
    expect(await host.read(fake.snapshot, 51)).not.toBeNull();
    put(fake.proc, MASTER, { parent: 1, sockets: [], startTicks: 700_000 });
    expect(await host.read(fake.snapshot, 52)).toBeNull();
  });

  it('is unknown after its master has ended', async () => {
    const fake = await fakeHost();
    const host = hostOf(fake);
    expect(await host.read(fake.snapshot, 50)).not.toBeNull();
    rmSync(join(fake.proc, String(MASTER)), { recursive: true });
    expect(await host.read(fake.snapshot, 51)).toBeNull();
  });

  it('is found when it appears, but not searched for at each read', async () => {
    const fake = await fakeHost();
    const host = hostOf(fake);
    put(fake.proc, MASTER, { parent: 1, sockets: [] });
    expect(await host.read(fake.snapshot, 50)).toBeNull();
    const other = { ...fake.snapshot, server: { ...SERVER, pid: 101 } };
    put(fake.proc, MASTER, { parent: 1 });
    expect(await host.read(fake.snapshot, 55)).toBeNull();
    expect(await host.read(fake.snapshot, 60)).not.toBeNull();
    expect(await host.read(other, 61)).toBeNull();
  });
});

describe('a reading is null, without an error,', () => {
  it('without the pid of a master', async () => {
    const fake = await fakeHost();
    const snapshot = { ...fake.snapshot, server: { ...SERVER, pid: null } };
    expect(await hostOf(fake).read(snapshot, 50)).toBeNull();
  });

  it('without a /proc', async () => {
    const fake = await fakeHost();
    expect(await hostOf({ ...fake, proc: '/nowhere' }).read(fake.snapshot, 50)).toBeNull();
  });

  it.each(['stat', 'meminfo'])('without %s in /proc', async (name) => {
    const fake = await fakeHost();
    const text = readFileSync(join(fake.proc, name));
    rmSync(join(fake.proc, name));
    const host = hostOf(fake);
    expect(await host.read(fake.snapshot, 50)).toBeNull();
    writeFileSync(join(fake.proc, name), text);
    expect(await host.read(fake.snapshot, 51)).not.toBeNull();
  });

  it('on other systems', async () => {
    const fake = await fakeHost();
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    expect(await hostOf(fake).read(fake.snapshot, 50)).toBeNull();
  });
});
