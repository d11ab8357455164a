import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../src/host/details.ts';
import { memoryOf } from '../../src/host/memory.ts';
import { Processes } from '../../src/host/processes.ts';
import { readHostProperties, readHostResources } from '../../src/host/resources.ts';
import { statOf } from '../../src/host/stat.ts';
import { BOOT, fakeHost, MASTER, put } from './fake-host.ts';

const all = () => true;
const at = (clock: number) => () => clock;

/** Writes the two counts of context switches of a thread. */
function thread(proc: string, pid: number, id: number, voluntary: number, involuntary: number): void {
  const folder = join(proc, String(pid), 'task', String(id));
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'status'),
    `Name:\tx\nvoluntary_ctxt_switches:\t${voluntary}\nnonvoluntary_ctxt_switches:\t${involuntary}\n`,
  );
}

describe('a process', () => {
  it('is read from its files', async () => {
    const { proc } = await fakeHost();
    put(proc, 7, { state: 'D', threads: 1, startTicks: 1234, sockets: [1, 2, 3] });
    expect((await new Processes(proc, BOOT).read([7], all, at(1))).get(7)).toEqual({
      pid: 7,
      clock: 1,
      cpuTime: 2,
      cpu: null,
      rss: 2048 * 1024,
      vsz: null,
      threads: 1,
      state: 'D',
      started: BOOT + 12.34,
      voluntarySwitches: 30,
      involuntarySwitches: 4,
      files: expect.any(Number),
      memory: null,
    });
  });

  it.each(['a b', 'uwsgi) R 1 (x', '(uwsgi)', ') S 9 9 9 9 9 9 9 9 9 9 9 9'])(
    'is read with any name: %s',
    async (name) => {
      const { proc } = await fakeHost();
      const plain = statOf(join(proc, String(MASTER)));
      put(proc, 7, { name, parent: 1 });
      expect(plain).not.toBeNull();
      expect(statOf(join(proc, '7'))).toEqual(plain);
    },
  );

  it.each(['', '7 (uwsgi) S 1', '7 (uwsgi) S one 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', 'uwsgi'])(
    'is unknown if its stat is invalid: %s',
    async (text) => {
      const { proc } = await fakeHost();
      writeFileSync(join(proc, String(MASTER), 'stat'), text);
      expect(statOf(join(proc, String(MASTER)))).toBeNull();
    },
  );

  it('is left out if it does not exist or does not belong to the server', async () => {
    const { proc } = await fakeHost();
    const read = await new Processes(proc, BOOT).read([101, 102, 103], (pid) => pid !== 102, at(1));
    expect([...read.keys()]).toEqual([101]);
  });

  it('with many threads has the sum of their context switches', async () => {
    const { proc } = await fakeHost();
    put(proc, 7, { threads: 3 });
    for (const id of [7, 8, 9]) thread(proc, 7, id, id, 10 * id);
    expect(detailsOf(join(proc, '7'), 3)).toMatchObject({ voluntarySwitches: 24, involuntarySwitches: 240 });
    // One thread has ended.
    rmSync(join(proc, '7', 'task', '9'), { recursive: true });
    mkdirSync(join(proc, '7', 'task', '9'));
    expect(detailsOf(join(proc, '7'), 3)).toMatchObject({ voluntarySwitches: 15 });
    expect(detailsOf(join(proc, '7'), 101)).toMatchObject({ voluntarySwitches: null, rss: 2048 * 1024 });
  });

  it('has unknown switches if the kernel does not count them, and unknown files without permission', async () => {
    const { proc } = await fakeHost();
    put(proc, 7, { status: ['VmSize:\t    9 kB', 'VmRSS:\t1 kB'], sockets: null });
    const unknown = { rss: 1024, vsz: 9216, voluntarySwitches: null, involuntarySwitches: null, files: null };
    expect(detailsOf(join(proc, '7'), 1)).toEqual(unknown);
    rmSync(join(proc, '7', 'task'), { recursive: true });
    expect(detailsOf(join(proc, '7'), 2)).toEqual(unknown);
  });

  it('has the number of its open files, whether the kernel counts them or we do', async () => {
    const { proc } = await fakeHost();
    put(proc, 7, { sockets: null });
    const own = readdirSync('/proc/self/fd').length;
    for (const name of ['fd', 'fdinfo']) {
      symlinkSync(`/proc/self/${name}`, join(proc, '7', 'fd'));
      // The number differs slightly while a folder is read.
      expect(Math.abs((detailsOf(join(proc, '7'), 1)?.files ?? 0) - own), name).toBeLessThanOrEqual(2);
      rmSync(join(proc, '7', 'fd'));
    }
  });

  it('that has ended has no memory', async () => {
    const { proc } = await fakeHost();
    put(proc, 7, { state: 'Z', status: ['voluntary_ctxt_switches:\t1', 'nonvoluntary_ctxt_switches:\t0'] });
    expect(detailsOf(join(proc, '7'), 1)).toMatchObject({ rss: null, involuntarySwitches: 0 });
  });

  it('has the CPU usage since the reading before', async () => {
    const { proc } = await fakeHost();
    const processes = new Processes(proc, BOOT);
    const read = async (clock: number) => (await processes.read([101], all, at(clock))).get(101);
    expect(await read(10)).toMatchObject({ clock: 10, cpuTime: 2, cpu: null });
    put(proc, 101, { user: 350, status: ['VmRSS:\t4096 kB'], state: 'R' });
    expect(await read(14)).toMatchObject({ clock: 14, cpuTime: 4, cpu: 0.5, rss: 4096 * 1024, state: 'R' });
    expect(await read(15)).toMatchObject({ clock: 15, cpuTime: 4, cpu: 0 });
  });

  it('that took over a pid has no CPU usage yet', async () => {
    const { proc } = await fakeHost();
    const processes = new Processes(proc, BOOT);
    await processes.read([101], all, at(10));
    put(proc, 101, { startTicks: 700_000, user: 0 });
    expect((await processes.read([101], all, at(11))).get(101)).toMatchObject({
      started: BOOT + 7000,
      cpu: null,
    });
  });

  it('is read in turn when there are many, and new ones at once', async () => {
    const { proc } = await fakeHost();
    const many = Array.from({ length: 40 }, (_, i) => 1000 + i);
    for (const pid of [...many, 2000]) put(proc, pid);
    const processes = new Processes(proc, BOOT);
    // A slow host: each read of the clock takes 1 ms.
    let time = 10;
    const now = () => {
      time += 0.001;
      return time;
    };
    const first = await processes.read(many, all, now);
    expect(first.size).toBe(40);
    time = 11;
    const second = await processes.read([...many, 2000], all, now);
    expect(second.size).toBe(41);
    const turns = (from: number) =>
      [...second.values()].filter(({ clock }) => clock > from).map(({ pid }) => pid);
    expect(turns(11)).toEqual([...many.slice(0, 8), 2000]);
    time = 12;
    const third = await processes.read([...many, 2000], all, now);
    expect([...third.values()].filter(({ clock }) => clock > 12).map(({ pid }) => pid)).toEqual(
      many.slice(8, 16),
    );
    // A process that was not read keeps its reading; one that is not requested again is forgotten.
    expect(third.get(1030)).toBe(first.get(1030));
    expect([...(await processes.read([1030], all, now)).keys()]).toEqual([1030]);
  });

  it('is read each time if the reading must be complete', async () => {
    const { proc } = await fakeHost();
    const processes = new Processes(proc, BOOT, true);
    const pids = Array.from({ length: 20 }, (_, i) => 1000 + i);
    for (const pid of pids) put(proc, pid);
    let looked = 0;
    const count = () => {
      looked += 1;
      return true;
    };
    await processes.read(pids, count, at(10));
    await processes.read(pids, count, at(10));
    expect(looked).toBe(40);
  });

  it('that does not exist is not searched for each time when there are many', async () => {
    const { proc } = await fakeHost();
    const processes = new Processes(proc, BOOT);
    const pids = Array.from({ length: 20 }, (_, i) => 1000 + i);
    let looked = 0;
    const count = () => {
      looked += 1;
      return false;
    };
    for (const pid of pids) put(proc, pid);
    await processes.read(pids, count, at(10));
    expect(looked).toBe(20);
    await processes.read(pids, count, at(10));
    expect(looked).toBe(28);
  });

  it('leaves no file open', async () => {
    const { proc } = await fakeHost();
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let i = 0; i < 50; i++) statOf(join(proc, String(MASTER)));
    expect(open()).toBe(before);
  });
});

describe('the host', () => {
  it('has processors, memory and a load', async () => {
    const { proc } = await fakeHost();
    const fake = await readHostProperties(proc);
    expect(fake).toEqual({ bootTime: BOOT, processors: 2 });
    const known = { processors: 2, memory: 8_192_000, available: 6_144_000, load: 1.25 };
    expect(readHostResources(proc, fake)).toEqual(known);
    writeFileSync(join(proc, 'meminfo'), 'MemTotal: 8000 kB\n');
    rmSync(join(proc, 'loadavg'));
    expect(readHostResources(proc, fake)).toEqual({ ...known, available: null, load: null });
    writeFileSync(join(proc, 'meminfo'), '');
    expect(() => readHostResources(proc, fake)).toThrow(/memory/);
    writeFileSync(join(proc, 'stat'), 'cpu0 1\n');
    await expect(readHostProperties(proc)).rejects.toThrow(/boot time/);
  });
});

describe('the memory of a process', () => {
  it('consists of its proportional share and its private part', async () => {
    const { proc } = await fakeHost();
    const text =
      'Rss: 900 kB\nPss:       500 kB\nPss_Anon: 1 kB\nPrivate_Clean: 20 kB\nPrivate_Dirty: 300 kB\n';
    writeFileSync(join(proc, String(MASTER), 'smaps_rollup'), text);
    expect(await memoryOf(MASTER, proc)).toEqual({ pss: 512_000, uss: 327_680 });
    writeFileSync(join(proc, String(MASTER), 'smaps_rollup'), text.replace('Private_Clean', 'Private'));
    expect(await memoryOf(MASTER, proc)).toBeNull();
    expect(await memoryOf(101, proc)).toBeNull();
  });
});
