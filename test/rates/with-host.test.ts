import { describe, expect, it } from 'vitest';
import { processOf, queueSource, withHost } from '../../src/rates/with-host.ts';
import { app, hostReading, processReading, socket, worker } from './builders.ts';

const HOST = hostReading(
  [processReading({ pid: 101, rss: 4096, vsz: 40_960 }), processReading({ pid: 999, rss: 8192 })],
  {
    spools: new Map([['/srv/spool', 150]]),
    queues: new Map([['/run/app.sock', { queue: 7, limit: 50 }]]),
  },
);

const UNIX = socket({ name: '/run/app.sock', queue: null, maxQueue: null });
const TCP = socket({ name: '127.0.0.1:8000', queue: 3, maxQueue: 100 });

describe('the host reading', () => {
  it('adds the queues of unix sockets', () => {
    const { sockets } = withHost(app([], { sockets: [UNIX, TCP] }), HOST);
    expect(sockets.map(({ queue, maxQueue }) => [queue, maxQueue])).toEqual([
      [7, 50],
      [3, 100],
    ]);
  });

  it('adds the memory of workers, only for the same process', () => {
    const { workers } = withHost(app([101, 102].map((pid) => worker({ pid, rss: null, vsz: null }))), HOST);
    expect(workers.map(({ rss, vsz }) => [rss, vsz])).toEqual([
      [4096, 40_960],
      [null, null],
    ]);
  });

  it('adds the tasks of spoolers whose folder was read', () => {
    const spooler = { pid: 9, tasks: 1, waiting: null, respawns: 0, running: false };
    const spoolers = ['/srv/spool', '/srv/other', null].map((dir) => ({ dir, ...spooler }));
    const { spoolers: known } = withHost(app([], { spoolers }), HOST);
    expect(known.map(({ waiting }) => waiting)).toEqual([150, null, null]);
    expect(known[0]).toEqual({ dir: '/srv/spool', ...spooler, waiting: 150 });
  });

  it('counts the tasks of a folder once, for any number of processes', () => {
    const spooler = { tasks: 1, waiting: null, respawns: 0, running: false };
    const dirs = ['/srv/other', '/srv/spool', '/srv/spool', '/srv/spool'];
    const spoolers = dirs.map((dir, pid) => ({ dir, pid, ...spooler }));
    const known = withHost(app([], { spoolers }), HOST).spoolers;
    expect(known.map(({ waiting }) => waiting)).toEqual([null, 150, null, null]);
  });

  it('replaces the memory that uWSGI wrote at the end of the last request', () => {
    const told = app([worker({ pid: 101, rss: 5 }), worker({ pid: 102, rss: 6 })]);
    expect(withHost(told, HOST).workers.map(({ rss }) => rss)).toEqual([4096, 6]);
  });

  it('replaces no other value of uWSGI, and nothing without a host reading', () => {
    const told = app([worker({ pid: 102 })], { sockets: [TCP] });
    expect(withHost(told, HOST)).toEqual(told);
    expect(withHost(told, null)).toBe(told);
  });
});

describe('the origin', () => {
  it('of the process of a worker is the host reading of the same pid', () => {
    const workers = [worker({ id: 1, pid: 101 }), worker({ id: 2, pid: 102 }), worker({ id: 3, pid: null })];
    expect(workers.map((each) => processOf(each, HOST)?.rss ?? null)).toEqual([4096, null, null]);
    expect(workers.map((each) => processOf(each, null))).toEqual([null, null, null]);
  });

  it('of a queue is uWSGI, the kernel or unknown', () => {
    const unknown = socket({ name: '/run/other.sock' });
    const snapshot = app([], { sockets: [UNIX, TCP, unknown] });
    const sources = (host: typeof HOST | null) =>
      withHost(snapshot, host).sockets.map((each) => queueSource(each, host));
    expect(sources(HOST)).toEqual(['kernel', 'uwsgi', null]);
    expect(sources(null)).toEqual([null, 'uwsgi', null]);
  });
});
