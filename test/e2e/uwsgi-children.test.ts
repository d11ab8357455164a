import { describe, expect, it } from 'vitest';
import { statstop } from '../commands/run.ts';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { childrenOf } from '../lab/inside.ts';
import { serverOf } from '../lab/server.ts';

/** The rows of Jobs in plain text, split into words. */
async function jobsOf(target: string): Promise<string[][]> {
  const columns = 'kind,pid,age,cpu,rss,restarts,what';
  const { stdout } = await statstop(['--once', '-i', '0', '--columns', columns, target]);
  const lines = stdout.toString().split('\n').slice(2);
  return lines.map((line) => line.trim().split(/ +/)).filter(([kind]) => kind);
}

describe.skipIf(skipWithout())('the children of a real master', { timeout: 60_000 }, () => {
  const server = async (...args: string[]) => {
    const port = await freePort('127.0.0.1');
    const router = ['--plugin', 'http', '--http', `127.0.0.1:${port}`, '--http-to', 'app.sock'];
    return serverOf({ processes: 2, args: [...router, '--mule', '--mule', ...args] });
  };

  it('have names with auto-procname: mules and the router', async () => {
    const { target, pid } = await server('--auto-procname');
    await expect
      .poll(async () => (await jobsOf(target)).map(([kind]) => kind), { timeout: 20_000 })
      .toEqual(['mule', 'mule', 'router']);
    const rows = await jobsOf(target);
    const own = childrenOf(pid()).filter(({ command }) => /uWSGI (mule|http)/.test(command));
    expect(rows.map(([, pid]) => Number(pid)).sort()).toEqual(own.map(({ pid }) => pid).sort());
    for (const row of rows)
      expect(row.join(' ')).toMatch(/^\w+ \d+ \d+s \S+ \d[\d.]*M 0 uWSGI (mule|http) \d$/);
  });

  it('without auto-procname are shown as children, and no worker is among them', async () => {
    const { target, pid } = await server();
    await expect
      .poll(async () => (await jobsOf(target)).map((row) => row.slice(6).join(' ')), { timeout: 20_000 })
      .toEqual(Array.from({ length: 3 }, () => 'child of the master'));
    expect(childrenOf(pid())).toHaveLength(5);
  });

  it('cause a finding when they end repeatedly, as daemons do', async () => {
    const { target } = await server('--attach-daemon', 'sleep 1; exit 1');
    const { stdout, status } = await statstop(['check', '--for', '15', '--level', 'restart=2', target]);
    expect(stdout.toString()).toMatch(
      /at least \d+ restarts? in \d+s: daemon sleep 1; exit 1 \(now pid \d+\)/,
    );
    expect(status).toBe(1);
  });

  it('are in the JSON, with the observed restarts', async () => {
    const { target } = await server('--auto-procname', '--attach-daemon', 'sleep 1; exit 1');
    // A new process is not yet a child: it may be a worker.
    await expect
      .poll(
        async () => {
          const { stdout } = await statstop(['--json', '-i', '4', target]);
          const { children = [], daemons } = JSON.parse(stdout.toString());
          return {
            children: children.map(({ kind }: { kind: string }) => kind).sort(),
            mules: children.flatMap(({ kind, restarts }: { kind: string; restarts: number }) =>
              kind === 'mule' ? [restarts] : [],
            ),
            restarted: daemons[0].restarts > 0,
          };
        },
        { timeout: 40_000 },
      )
      .toEqual({ children: ['mule', 'mule', 'router'], mules: [0, 0], restarted: true });
  });

  it('do not change the uptime of the master, also after worker 1 was respawned', async () => {
    const { target } = await server();
    const uptime = async () => {
      const { stdout } = await statstop(['--json', '-i', '0', target]);
      const { totals, workers } = JSON.parse(stdout.toString());
      return {
        uptime: totals.uptime,
        spawns: workers[0].spawns,
        pid: workers[0].process.pid ?? workers[0].pid,
      };
    };
    const before = await uptime();
    expect(before.uptime).toEqual(expect.any(Number));
    process.kill(before.pid, 'SIGKILL');
    await expect.poll(async () => (await uptime()).spawns, { timeout: 20_000 }).toBe(2);
    expect((await uptime()).uptime).toBeGreaterThanOrEqual(before.uptime);
  });
});
