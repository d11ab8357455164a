import { describe, expect, it, vi } from 'vitest';
import { skipWithout } from '../lab/available.ts';
import { everything } from '../lab/everything.ts';
import { childrenOf } from '../lab/inside.ts';
import { rowWith, Seen } from '../lab/seen.ts';
import { isAlive, skipWithoutTmux } from '../terminal/tmux.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

describe.skipIf(skipWithoutTmux() || skipWithout())('the jobs and resources of a real server', () => {
  it('7: jobs: spooler, crons, and a daemon that is restarted', async () => {
    const server = await everything();
    const seen = await Seen.start(server.target);
    await seen.show('7', 'KIND', 'STATE');
    const [, spooler] = /spawned the uWSGI spooler on dir \S+ with pid (\d+)/.exec(server.log()) ?? [];
    // The options of the master contain the words too.
    const isDaemon = ({ command }: { command: string }) => /^\/bin\/sh .*# daemon/.test(command);
    const daemon = () => childrenOf(server.pid()).find(isDaemon)?.pid;
    // The master starts them a moment later.
    const [before, cron] = await vi.waitFor(() => {
      const [, cron] = /\[uwsgi-cron\] running .* \(pid (\d+)\)/.exec(server.log()) ?? [];
      const pids = [daemon(), cron && Number(cron)];
      expect(pids).toEqual([expect.any(Number), expect.any(Number)]);
      return pids;
    }, TIMEOUT_MS);
    const idle = { STATE: 'waiting', PID: '-' };
    await seen.until((rows) => {
      // The child is the mule: without auto-procname it cannot be identified.
      const kinds = ['child', 'cron', 'cron', 'cron', 'daemon', 'spooler'];
      expect(rows.map(({ KIND }) => KIND).sort()).toEqual(kinds);
      expect(rowWith(rows, 'SCHEDULE', 'daily at 03:30')).toMatchObject({ ...idle, WHAT: '/bin/true' });
      expect(rowWith(rows, 'SCHEDULE', 'Mon at 04:00')).toMatchObject({ ...idle, KIND: 'cron' });
      const running = { STATE: 'running', PID: String(cron) };
      expect(rowWith(rows, 'SCHEDULE', 'every min')).toMatchObject(running);
      expect(rowWith(rows, 'KIND', 'daemon')).toMatchObject({ ...running, PID: String(before) });
      expect(rowWith(rows, 'KIND', 'spooler')).toMatchObject({ STATE: 'waiting', PID: spooler });
    });
    expect([cron, before, spooler].map((pid) => isAlive(Number(pid)))).toEqual([true, true, true]);

    process.kill(Number(before), 'SIGKILL');
    await server.ask('/spool/held');
    await seen.until((rows) => {
      const after = daemon();
      expect(after).not.toBe(before);
      expect(rowWith(rows, 'KIND', 'daemon')).toMatchObject({ STATE: 'running', PID: String(after) });
      expect(rowWith(rows, 'KIND', 'spooler')).toMatchObject({ STATE: 'running', PID: spooler });
    });
  });

  it('7: completed tasks of a spooler do not count as waiting', async () => {
    const server = await everything();
    const seen = await Seen.start(server.target);
    for (let task = 0; task < 2; task += 1) await server.ask('/spool/done');
    await expect.poll(() => server.log().match(/done with task/g)).toHaveLength(2);
    await server.ask('/spool/held');
    await seen.show('7', 'KIND', 'STATE');
    await seen.until((rows) => {
      const spooler = rowWith(rows, 'KIND', 'spooler');
      expect(spooler.STATE).toBe('running');
      // The running task.
      expect(spooler.WAITING).toBe('1');
    });
  });

  it('7: the detail of a cron masks its secrets', async () => {
    const server = await everything();
    const seen = await Seen.start(server.target);
    await seen.show('7', 'KIND', 'STATE');
    await seen.filter('/bin/false');
    const detail = await seen.detail('Jobs');
    expect(detail).toMatchObject({ WHAT: '/bin/false --token=***', SCHEDULE: 'Mon at 04:00', PID: '-' });
    expect(seen.tmux.lines().join('\n')).not.toContain('hunter2');
  });

  it('8: metrics, including those of the application', async () => {
    const server = await everything();
    const seen = await Seen.start(server.target);
    for (let count = 0; count < 3; count += 1) await server.ask('/metric');
    await seen.show('8', 'METRIC', 'TYPE', 'VALUE');
    await seen.filter('lab.asked');
    await seen.until((rows) => {
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ METRIC: 'lab.asked', TYPE: 'counter', VALUE: '3' });
    });
    for (let count = 0; count < 4; count += 1) await server.ask('/');
    await seen.filter('worker.0.requests');
    // uWSGI collects it once per second.
    await seen.until(([row]) =>
      expect(row).toMatchObject({
        METRIC: 'worker.0.requests',
        VALUE: String(server.asked()),
        RATE: '0.0',
      }),
    );
    const detail = await seen.detail('Metrics');
    expect(detail).toMatchObject({ VALUE: '7', TYPE: 'counter', OID: '3.0.1' });
  });

  it('9: locks with their holders, and the legion with its lord', async () => {
    const server = await everything();
    const seen = await Seen.start(server.target);
    await seen.show('9', 'KIND', 'NAME', 'STATE');
    const answer = server.ask('/lock/2');
    await seen.until(([held, ...others]) => {
      expect(held).toMatchObject({ KIND: 'lock', NAME: 'user 2', STATE: 'held' });
      expect(rowWith(others, 'NAME', 'user 1')).toMatchObject({ STATE: 'free', PID: '-' });
    });
    const { PID } = seen.rows()[0] ?? {};
    server.release();
    expect(PID).toBe(String((await answer).pid));
    await seen.until((rows) =>
      expect(rowWith(rows, 'NAME', 'user 2')).toMatchObject({ STATE: 'free', PID: '-' }),
    );

    const { legion } = server;
    await seen.until((rows) => {
      const lord = { NAME: 'lab', STATE: 'lord', VALOR: String(legion.valor) };
      expect(rowWith(rows, 'KIND', 'legion')).toMatchObject(lord);
      expect(rowWith(rows, 'KIND', 'member')).toMatchObject({
        STATE: '-',
        VALOR: String(legion.nodeValor),
      });
    });
    seen.tmux.press('Home');
    const detail = await seen.detail('Locks');
    expect(detail).toMatchObject({ STATE: 'lord', ADDRESSES: `${legion.address} ${legion.node}` });
  });
});
