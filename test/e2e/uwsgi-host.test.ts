import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { memoryOf } from '../../src/host/memory.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { cpuTimeOf, known, ps, watched, workerOf } from '../host/real.ts';
import { skipWithout } from '../lab/available.ts';
import { ask } from '../lab/load.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Milliseconds after which the processes are read again. */
const READING = 600;

/** Two ticks of the kernel's clock for CPU time: one of user time, and one of system time. */
const TICKS = 0.02;

interface Look {
  time: number;
  ran: number;
}

describe.skipIf(skipWithout())('the processes of a real server', () => {
  test('have the CPU time of a known load', async () => {
    const { target, http } = await serverOf({ processes: 1 });
    const server = watched(target);
    const before = await workerOf(server);
    await ask(http, '/burn/4');
    await sleep(READING);
    const burnt = (await workerOf(server)).cpuTime - before.cpuTime;
    expect(Math.abs(burnt - 4)).toBeLessThanOrEqual(0.02 * 4 + TICKS);
  });

  test('have the CPU usage of each interval', async () => {
    const { target, http } = await serverOf({ processes: 1 });
    const server = watched(target);
    const { pid } = await workerOf(server);
    const burn = ask(http, '/burn/4');
    await sleep(READING);
    const look = () => ({ time: performance.now() / 1000, ran: cpuTimeOf(pid) });
    // Each of the two reads lies between two direct measurements.
    const looks = [look()];
    await known(server);
    looks.push(look());
    await sleep(2000);
    looks.push(look());
    const { cpu } = await workerOf(server);
    looks.push(look());
    const [a, b, c, d] = looks as [Look, Look, Look, Look];
    expect(cpu).toBeGreaterThanOrEqual((c.ran - b.ran) / (d.time - a.time) - 0.02);
    expect(cpu).toBeLessThanOrEqual((d.ran - a.ran) / (c.time - b.time) + 0.02);
    await burn;
  });

  test('have the memory, threads, files, switches, state and start of ps', async () => {
    const { target } = await serverOf({ processes: 2, threads: 3 });
    // Workers may still be loading when the server answers.
    await vi.waitUntil(async () => {
      const { processes } = (await known(watched(target))).reading;
      return [...processes.values()].every(({ pid }) => ps(pid, 'nlwp') === '3');
    }, TIMEOUT_MS);
    await sleep(READING);
    const { snapshot, reading } = await known(watched(target));
    expect(reading.master.pid).toBe(snapshot.server.pid);
    expect([...reading.processes.keys()]).toEqual([1, 2]);
    for (const process of [reading.master, ...reading.processes.values()]) {
      const rss = Number(ps(process.pid, 'rss')) * 1024;
      expect(Math.abs((process.rss ?? Number.NaN) - rss)).toBeLessThanOrEqual(0.02 * rss);
      expect(process.threads).toBe(Number(ps(process.pid, 'nlwp')));
      expect(process.state).toBe(ps(process.pid, 'state'));
      expect(Math.floor(process.started)).toBe(Date.parse(ps(process.pid, 'lstart')) / 1000);
      expect(process.files).toBeGreaterThan(3);
      expect(process.voluntarySwitches).toBeGreaterThan(0);
      expect(process.involuntarySwitches).toBeGreaterThanOrEqual(0);
      const memory = await memoryOf(process.pid);
      expect(memory?.pss).toBeLessThanOrEqual(rss);
      expect(memory?.uss).toBeLessThanOrEqual(memory?.pss ?? 0);
      expect(memory?.uss).toBeGreaterThan(0);
    }
    for (const { id, lastSpawn } of snapshot.workers) {
      const late = (reading.processes.get(id)?.started ?? 0) - (lastSpawn ?? 0);
      expect(Math.abs(late)).toBeLessThanOrEqual(2);
    }
  });

  test('have more memory, switches and files after they use more', async () => {
    const { target, http } = await serverOf({ processes: 1, threads: 2 });
    const server = watched(target);
    const before = await workerOf(server);
    const requests = [ask(http, `/bytes/${40 * 2 ** 20}`), ask(http, '/sleep/5')];
    await requests[0];
    for (let i = 0; i < 50; i++) await ask(http, '/');
    await sleep(READING);
    const after = await workerOf(server);
    // Python keeps other memory in a server after requests than in an idle one.
    expect(after.rss).toBeGreaterThan(before.rss ?? Number.NaN);
    const rss = Number(ps(after.pid, 'rss')) * 1024;
    expect(Math.abs((after.rss ?? Number.NaN) - rss)).toBeLessThanOrEqual(0.02 * rss);
    expect((after.voluntarySwitches ?? 0) - (before.voluntarySwitches ?? 0)).toBeGreaterThanOrEqual(50);
    expect(after.files).toBeGreaterThan(before.files ?? 0);
    await Promise.all(requests);
  });

  test('have the state that the kernel reports', async () => {
    const { target, http } = await serverOf({ processes: 1 });
    const server = watched(target);
    const { pid, state } = await workerOf(server);
    expect(state).toBe('S');
    const burn = ask(http, '/burn/2');
    await vi.waitUntil(async () => (await workerOf(server)).state === 'R', TIMEOUT_MS);
    await burn;
    process.kill(pid, 'SIGSTOP');
    await vi.waitUntil(async () => (await workerOf(server)).state === 'T', TIMEOUT_MS);
    process.kill(pid, 'SIGCONT');
    await vi.waitUntil(async () => (await workerOf(server)).state === 'S', TIMEOUT_MS);
  });

  test('are found under any process name', async () => {
    for (const args of [['--auto-procname'], ['--procname', 'my app'], ['--procname-prefix', 'a) R ']]) {
      const { target } = await serverOf({ args });
      expect((await known(watched(target))).reading.processes.size).toBe(2);
    }
  });

  test('include running workers only: a cheap worker has none', async () => {
    const { target } = await serverOf({ processes: 4, cheaper: 1 });
    expect([...(await known(watched(target))).reading.processes.keys()]).toEqual([1]);
  });

  test('include those of a vassal', async () => {
    const emperor = await serverOf({ emperor: true });
    const vassal = watched(`${emperor.folder}/blog.stats`);
    const { snapshot, reading } = await vi.waitFor(() => known(vassal), {
      timeout: TIMEOUT_MS,
      interval: 200,
    });
    expect(reading.master.pid).not.toBe(emperor.pid());
    expect(reading.processes.size).toBe(snapshot.workers.length);
  });

  test('are found over TCP and by another name of this machine', async () => {
    for (const stats of ['tcp', 'tcp6'] as const) {
      const { target } = await serverOf({ stats });
      expect((await known(watched(target))).reading.processes.size).toBe(2);
      if (stats === 'tcp') await known(watched(target.replace('127.0.0.1', 'localhost')));
    }
  });
});

describe.skipIf(skipWithout())('the life cycle of a real local server', () => {
  test('a respawned worker is another process with its own times', async () => {
    const { target, http } = await serverOf({ processes: 1 });
    const server = watched(target);
    await ask(http, '/burn/1');
    const old = await workerOf(server);
    expect(old.cpuTime).toBeGreaterThanOrEqual(0.95);
    process.kill(old.pid, 'SIGKILL');
    await appUntil(
      server.reader,
      ({ snapshot }) => ![old.pid, null].includes(snapshot.workers[0]?.pid ?? null),
    );
    await sleep(READING);
    const now = await workerOf(server);
    expect(now.pid).not.toBe(old.pid);
    expect(now.cpuTime).toBeLessThan(old.cpuTime);
    expect(now.started).toBeGreaterThan(old.started);
    expect(now.rss).toBeGreaterThan(0);
  });

  test('a reload keeps pid and start of the master, and has new workers', async () => {
    const { target, pid } = await serverOf({ processes: 2 });
    const server = watched(target);
    const { reading: before } = await known(server);
    process.kill(pid(), 'SIGHUP');
    const old = before.processes.get(1)?.pid ?? null;
    await appUntil(server.reader, ({ snapshot }) => ![old, null].includes(snapshot.workers[0]?.pid ?? null));
    await sleep(READING);
    const { reading: after } = await known(server);
    expect(after.master).toMatchObject({ pid: before.master.pid, started: before.master.started });
    const pids = [...before.processes.values(), ...after.processes.values()].map((each) => each.pid);
    expect(new Set(pids).size).toBe(4);
  });

  test('a killed server becomes unknown, and a restarted one is known', async () => {
    const lab = await serverOf({ processes: 1 });
    const server = watched(lab.target);
    const { snapshot, reading: before } = await known(server);
    process.kill(lab.pid(), 'SIGKILL');
    await vi.waitFor(() => expect(ps(before.master.pid, 'state')).toMatch(/^(Z|)$/), TIMEOUT_MS);
    await sleep(READING);
    await lab.restart({});
    expect(await server.host.read(snapshot, SYSTEM_CLOCK.monotonic())).toBeNull();
    const { reading: after } = await known(server);
    expect(after.master.pid).not.toBe(before.master.pid);
    expect(after.processes.size).toBe(1);
  });
});
