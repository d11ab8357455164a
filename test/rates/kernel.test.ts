import { describe, expect, it } from 'vitest';
import type { HostReading, ProcessReading } from '../../src/host/reading.ts';
import { withKernel } from '../../src/rates/kernel.ts';
import { app, socket, worker } from './builders.ts';

const process = (pid: number, rss: number): ProcessReading => ({
  pid,
  clock: 0,
  cpuTime: 1,
  cpu: 0.5,
  rss,
  threads: 1,
  state: 'S',
  started: 0,
  voluntarySwitches: null,
  involuntarySwitches: null,
  files: null,
});

const HOST: HostReading = {
  clock: 0,
  master: process(100, 1),
  processes: new Map([
    [1, process(101, 4096)],
    [2, process(999, 8192)],
  ]),
  spools: new Map([['/srv/spool', 150]]),
  queues: new Map([['/run/app.sock', { queue: 7, limit: 50 }]]),
  machine: { processors: 4, memory: 1e9, available: null, load: null },
};

const UNIX = socket({ name: '/run/app.sock', queue: null, maxQueue: null });
const TCP = socket({ name: '127.0.0.1:8000', queue: 3, maxQueue: 100 });

describe('what the kernel knows', () => {
  it('fills in the queues of unix sockets', () => {
    const { sockets } = withKernel(app([], { sockets: [UNIX, TCP] }), HOST);
    expect(sockets.map(({ queue, maxQueue }) => [queue, maxQueue])).toEqual([
      [7, 50],
      [3, 100],
    ]);
  });

  it('fills in the memory of workers, but only of the process that it is of', () => {
    const { workers } = withKernel(app([101, 102].map((pid) => worker({ pid, rss: null }))), HOST);
    expect(workers.map(({ rss }) => rss)).toEqual([4096, null]);
  });

  it('fills in the tasks of spoolers, where their folder was looked at', () => {
    const spooler = { pid: 9, tasks: 1, waiting: null, respawns: 0, running: false };
    const spoolers = ['/srv/spool', '/srv/other', null].map((dir) => ({ dir, ...spooler }));
    const { spoolers: known } = withKernel(app([], { spoolers }), HOST);
    expect(known.map(({ waiting }) => waiting)).toEqual([150, null, null]);
    expect(known[0]).toEqual({ dir: '/srv/spool', ...spooler, waiting: 150 });
  });

  it('replaces nothing that uWSGI says, and nothing where there is nothing', () => {
    const told = app([worker({ pid: 101, rss: 5 }), worker({ pid: 102 })], { sockets: [TCP] });
    expect(withKernel(told, HOST)).toEqual(told);
    expect(withKernel(told, null)).toBe(told);
  });
});
