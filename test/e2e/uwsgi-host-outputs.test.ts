import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { memoryOf } from '../../src/host/memory.ts';
import { statstop } from '../commands/run.ts';
import { known, ps, ss, watched } from '../host/real.ts';
import { skipWithout } from '../lab/available.ts';
import { HOLDS_REQUESTS, holdRequest } from '../lab/held.ts';
import { ask } from '../lab/load.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Runs a command that must succeed. Returns its output. */
async function printed(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await statstop(args);
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.toString();
}

const json = async (...args: string[]) => JSON.parse(await printed('--json', ...args));

/** Opens `count` connections that wait in the queue until the test ends. */
async function waiting(path: string, count: number): Promise<void> {
  const sockets: Socket[] = Array.from({ length: count }, () => connect({ path }));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => new Promise((settle) => socket.once('connect', settle))));
}

describe.skipIf(skipWithout())('the output for a real local server', () => {
  test('contains its processes as ps reports them', async () => {
    const { target, pid } = await serverOf({ processes: 2, threads: 2 });
    // Workers may still be loading when the server answers.
    await vi.waitUntil(async () => {
      const { processes } = (await known(watched(target))).reading;
      return [...processes.values()].every(({ pid }) => ps(pid, 'nlwp') === '2');
    }, TIMEOUT_MS);
    const { host, workers } = await json(target);
    expect(workers).toHaveLength(2);
    const all = [{ pid: pid(), process: host.master }, ...workers];
    for (const { pid, process } of all) {
      const rss = Number(ps(pid, 'rss')) * 1024;
      expect(Math.abs(process.rss - rss)).toBeLessThanOrEqual(0.02 * rss);
      expect(process.threads).toBe(Number(ps(pid, 'nlwp')));
      // The master has just been asked.
      expect(['S', 'R']).toContain(process.state);
      expect(Math.floor(Date.parse(process.started) / 1000)).toBe(Date.parse(ps(pid, 'lstart')) / 1000);
      expect(process.cpu).toBeGreaterThanOrEqual(0);
    }
    expect(host.rss).toBe(all.reduce((sum, { process }) => sum + process.rss, 0));
    // Without memory-report, uWSGI does not report the RSS.
    expect(workers[0].rss).toBe(workers[0].process.rss);
  });

  test('contains the CPU usage of the interval, and none for a single read', async () => {
    const { target, http } = await serverOf({ processes: 1 });
    const burn = ask(http, '/burn/4');
    const { interval, host, workers } = await json(target, '--interval', '2');
    const [{ process }] = workers;
    // A read is early or late by up to a twentieth of the interval.
    expect(interval).toBeGreaterThanOrEqual(1.9);
    expect(process.cpu).toBeGreaterThan(0);
    expect(process.cpu).toBeLessThan(1.1);
    expect(host.cpu).toBeGreaterThanOrEqual(process.cpu);
    const once = await json(target, '--interval', '0');
    expect([once.interval, once.host.cpu, once.workers[0].process.cpu]).toEqual([null, null, null]);
    expect(once.workers[0].process.cpuTime).toBeGreaterThanOrEqual(process.cpuTime);
    await burn;
  });

  test('contains the queue of a unix socket as ss reports it', async () => {
    const { target, folder, http } = await serverOf({ processes: 1, args: HOLDS_REQUESTS });
    holdRequest(http, Buffer.from('/held'));
    await appUntil(watched(target).reader, ({ snapshot }) =>
      snapshot.workers.some(({ cores }) => cores.some(({ inRequest }) => inRequest)),
    );
    const path = join(folder, 'app.sock');
    await waiting(path, 7);
    for (const interval of ['0', '0.2']) {
      const { totals, sockets } = await json(target, '--interval', interval);
      const { queue, maxQueue, queueSource } = sockets.find(({ name }: { name: string }) => name === path);
      expect({ queue, limit: maxQueue }).toEqual(ss('-x', 'src', path));
      expect([queue, queueSource, totals.queue]).toEqual([7, 'kernel', 7]);
    }
    const check = await printed('check', '--level', 'queue=1', target);
    expect(check).toMatch(/ queue=7;;;0;100 rss=[1-9]\d{6,}B;;;0;[1-9]\d{8,} requests=\d+c;;;0 /);
    expect(check).toMatch(/ harakiris=0c;;;0 respawns=0c;;;0\n$/);
    const table = await printed('--once', '--interval', '0', target);
    expect(table).toMatch(/ queue 7\/100$/m);
    expect(table.split('\n')[1]).toMatch(/ RSS .* CPU /);
  });
});

describe.skipIf(skipWithout() || skipWithoutTmux())('the detail of a worker of a real local server', () => {
  test('contains the memory from the kernel, and that of the new process after a respawn', async () => {
    const { target } = await serverOf({ processes: 1 });
    const server = watched(target);
    const tmux = new Tmux(100, 80);
    tmux.enter(`clear; statstop --interval 0.5 ${target}`);
    await tmux.untilText('WID');
    tmux.press('Enter');
    const shown = async (pid: number) => {
      await tmux.untilText(new RegExp(`^  PID +${pid} `, 'm'));
      await tmux.untilText(/^ {2}its share \(PSS\) +\d/m);
      const screen = tmux.lines().join('\n');
      return ['own memory (USS)', 'its share (PSS)'].map((name) => {
        const at = screen.indexOf(name) + name.length;
        const [, number, unit] = /^ +([\d.]+)([KM]) /.exec(screen.slice(at)) ?? [];
        return Number(number) * (unit === 'M' ? 2 ** 20 : 2 ** 10);
      });
    };
    let before = 0;
    for (const turn of [1, 2]) {
      await appUntil(
        server.reader,
        ({ snapshot }) => ![before, null].includes(snapshot.workers[0]?.pid ?? null),
      );
      const [worker] = (await server.read()).snapshot.workers;
      const pid = worker?.pid ?? 0;
      // The view reads it every five seconds, and the PSS changes with all processes that share pages.
      await vi.waitFor(async () => {
        const earlier = await memoryOf(pid);
        const [uss = 0, pss = 0] = await shown(pid);
        const later = await memoryOf(pid);
        expectBetween(uss, [earlier?.uss, later?.uss], `USS, turn ${turn}`);
        expectBetween(pss, [earlier?.pss, later?.pss], `PSS, turn ${turn}`);
      }, TIMEOUT_MS);
      before = pid;
      process.kill(pid, 'SIGKILL');
    }
  });
});

/** Compares with the displayed precision, a tenth of a MiB. */
function expectBetween(shown: number, readings: readonly (number | undefined)[], what: string): void {
  const known = readings.map((bytes) => bytes ?? Number.NaN);
  expect(shown, what).toBeGreaterThanOrEqual(Math.min(...known) - 0.06 * 2 ** 20);
  expect(shown, what).toBeLessThanOrEqual(Math.max(...known) + 0.06 * 2 ** 20);
}
