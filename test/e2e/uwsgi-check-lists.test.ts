import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { requestsInFlight } from '../../src/rates/in-flight.ts';
import { statstop } from '../commands/run.ts';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { type HttpEndpoint, type Load, startLoad } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { appUntil } from '../lab/until.ts';
import { startUwsgi, type Uwsgi, type UwsgiOptions } from '../lab/uwsgi.ts';

/**
 * The results of `check` for real servers: ten healthy and nine faulty ones. The tenth fault, a memory leak, takes
 * minutes: see uwsgi-growth.test.ts.
 */

const LAB = fileURLToPath(new URL('../../fixtures/lab/', import.meta.url));
const TIMEOUT_SECONDS = 60;

/** Functions to call after all tests: concurrent tests have no end of their own. */
const closes: (() => unknown)[] = [];
afterAll(async () => {
  await Promise.all(closes.map((close) => close()));
});

async function serverOf(options: UwsgiOptions = {}): Promise<Uwsgi> {
  const server = await startUwsgi(options);
  closes.push(() => server.stop());
  return server;
}

/** Sends requests until the tests of the file end, over that many connections and at that rate. */
function load(to: HttpEndpoint, path: string, connections: number, rate?: number): Load {
  const asked = startLoad({ to, path, connections, seconds: 120, ...(rate === undefined ? {} : { rate }) });
  closes.push(() => void asked.stop());
  return asked;
}

/** Sends `count` requests that do not end during the observation. */
const hold = ({ http }: Uwsgi, count: number) =>
  startLoad({ to: http, path: '/sleep/30', connections: count, seconds: 60, count });

async function served({ target, http }: Uwsgi, path = '/sleep/0.02'): Promise<string> {
  load(http, path, 2, 10);
  await appUntil(readerOf(target), ({ totals }) => (totals.requestsDelta ?? 0) > 0);
  return target;
}

/** Sends a request with the headers of a WebSocket, and keeps it open. */
function upgrade({ http }: Uwsgi): void {
  const headers = { connection: 'Upgrade', upgrade: 'websocket' };
  const outgoing = request({ ...http, path: '/sleep/30', agent: false, headers });
  outgoing.on('error', () => {});
  outgoing.end();
  closes.push(() => void outgoing.destroy());
}

interface Row {
  what: string;
  /**
   * Starts the server in its condition.
   *
   * @returns the target for `check`
   */
  start(): Promise<string>;
  args?: readonly string[];
}

const HEALTHY: readonly Row[] = [
  { what: 'prefork', start: async () => served(await serverOf({ processes: 2 })) },
  { what: 'threads', start: async () => served(await serverOf({ processes: 1, threads: 4 })) },
  { what: 'gevent', start: async () => served(await serverOf({ processes: 1, gevent: 10 })) },
  {
    what: 'websockets',
    start: async () => {
      const server = await serverOf({ processes: 1, threads: 4 });
      upgrade(server);
      // The request has run longer than allowed.
      await appUntil(readerOf(server.target), (sample) => (requestsInFlight(sample)[0]?.age ?? 0) > 10);
      return server.target;
    },
  },
  {
    what: 'cheaper',
    start: async () => {
      const server = await serverOf({ processes: 4, cheaper: 1 });
      await appUntil(readerOf(server.target), ({ totals }) => totals.cheap === 3);
      return served(server, '/');
    },
  },
  { what: 'lazy-apps', start: async () => served(await serverOf({ processes: 2, args: ['--lazy-apps'] })) },
  {
    what: 'static files',
    start: async () => {
      const server = await serverOf({ folders: ['files'], args: ['--static-map', '/files=files'] });
      writeFileSync(join(server.folder, 'files', 'style.css'), 'body {}\n');
      return served(server, '/files/style.css');
    },
  },
  {
    what: 'an emperor',
    start: async () => {
      const server = await serverOf({ emperor: true, ini: 'emperor-empty.ini', folders: ['vassals'] });
      const lines = ['[uwsgi]', `ini = ${LAB}common.ini`, `wsgi-file = ${LAB}app.py`, 'processes = 1'];
      const socket = 'http-socket = $(LAB_FOLDER)/blog.http';
      writeFileSync(join(server.folder, 'vassals', 'blog.ini'), [...lines, socket, ''].join('\n'));
      await expect
        .poll(async () => (await readerOf(server.target).emperor()).sample.snapshot.vassals[0]?.accepting, {
          timeout: TIMEOUT_SECONDS * 1000,
        })
        .toBe(true);
      return server.target;
    },
  },
  {
    what: 'a router',
    start: async () => {
      const port = await freePort('127.0.0.1');
      const args = ['--plugin', 'http', '--http', `127.0.0.1:${port}`, '--http-stats-server', 'router.stats'];
      const server = await serverOf({ processes: 1, args });
      load({ host: '127.0.0.1', port }, '/', 1, 5);
      return join(server.folder, 'router.stats');
    },
  },
  { what: 'an idle server', start: async () => (await serverOf({ processes: 2 })).target },
];

const SICK: readonly (Row & { line: RegExp })[] = [
  {
    what: 'a full queue',
    start: async () => {
      const server = await serverOf({ processes: 1, httpPort: true, args: ['--listen', '8'] });
      hold(server, 20);
      return server.target;
    },
    line: /^UWSGI CRITICAL - listen queue full: \d+ waiting, limit 8/,
  },
  {
    what: 'all cores busy',
    start: async () => {
      const server = await serverOf({ processes: 2 });
      hold(server, 2);
      return server.target;
    },
    args: ['--for', '7'],
    line: /^UWSGI WARNING - all 2 cores busy for \d+s/,
  },
  {
    what: 'a stuck request',
    start: async () => {
      const server = await serverOf({ processes: 2 });
      hold(server, 1);
      return server.target;
    },
    line: /^UWSGI WARNING - request running for 1\ds on \d:0: GET \/sleep\/30/,
  },
  {
    what: 'no application',
    start: async () => {
      const server = await serverOf({ processes: 2, ini: 'no-app.ini' });
      await startLoad({ to: server.http, path: '/', connections: 1, seconds: 30, count: 5 }).finished;
      return server.target;
    },
    line: /^UWSGI CRITICAL - no application loaded: 5 requests got error 500/,
  },
  {
    what: 'a paused server',
    start: async () => {
      const server = await serverOf({ processes: 2 });
      process.kill(server.pid(), 'SIGTSTP');
      return server.target;
    },
    line: /^UWSGI CRITICAL - server paused: 2 workers/,
  },
  {
    what: 'all workers never finish loading',
    start: async () => (await serverOf({ processes: 2, args: ['--lazy-apps'], importSeconds: 600 })).target,
    args: ['--level', 'loading=5,10'],
    line: /^UWSGI CRITICAL - 2 of 2 workers still loading after 1\ds/,
  },
  {
    what: 'three of four workers never finish loading',
    start: async () => (await serverOf({ processes: 4, ini: 'stalls.ini' })).target,
    args: ['--level', 'loading=5'],
    line: /^UWSGI WARNING - 3 of 4 workers still loading after \d+s/,
  },
  {
    what: 'a reload that waits for a request',
    start: async () => {
      const server = await serverOf({ processes: 3 });
      hold(server, 1);
      // A worker that is still loading ignores the signal, and its master would wait for a minute.
      await appUntil(readerOf(server.target), ({ totals }) => totals.coresBusy === 1 && totals.idle === 2);
      process.kill(server.pid(), 'SIGHUP');
      return server.target;
    },
    args: ['--for', '4'],
    line: /^UWSGI WARNING - reloading for \ds, waiting for \d:0 GET \/sleep\/30/,
  },
  {
    what: 'a crash loop',
    start: async () => {
      const server = await serverOf({ processes: 1 });
      crash(server);
      return server.target;
    },
    args: ['--for', '10'],
    line: /^UWSGI (WARNING|CRITICAL) - .*respawns? of 1 worker/,
  },
  {
    what: 'exceptions',
    start: async () => {
      const server = await serverOf({ processes: 2 });
      load(server.http, '/boom', 2, 20);
      return server.target;
    },
    args: ['--for', '3'],
    line: /^UWSGI CRITICAL - .*\d+ exceptions in \d+s, 100% of requests/,
  },
  {
    what: 'a stopped master',
    start: async () => {
      const server = await serverOf({ processes: 2 });
      process.kill(server.pid(), 'SIGSTOP');
      return server.target;
    },
    args: ['--timeout', '2'],
    line: /^UWSGI CRITICAL - /,
  },
];

/** An emperor with `stats` instead of `emperor-stats`. It writes the document of an app server without workers. */
async function plainEmperor(): Promise<string> {
  const server = await serverOf({
    emperor: true,
    ini: 'emperor-empty.ini',
    folders: ['vassals'],
    args: ['--stats', 'plain.stats'],
  });
  return join(server.folder, 'plain.stats');
}

/** Kills the worker repeatedly until the tests end. */
function crash({ target }: Uwsgi): void {
  const reader = readerOf(target);
  let over = false;
  closes.push(() => {
    over = true;
  });
  const kill = async () => {
    while (!over) {
      const pid = await reader.app().then(
        ({ sample }) => sample.snapshot.workers[0]?.pid ?? null,
        () => null,
      );
      try {
        if (pid !== null) process.kill(pid, 'SIGKILL');
      } catch {
        // The worker has already been replaced.
      }
      await sleep(500);
    }
  };
  void kill();
}

async function checked(
  { args = [] }: Pick<Row, 'args'>,
  target: string,
): Promise<{ status: number | null; line: string }> {
  const { status, stdout } = await statstop(['check', ...args, target]);
  return { status, line: stdout.toString().trimEnd() };
}

describe.skipIf(skipWithout('gevent') || skipWithout('router')).concurrent('check of a real server', () => {
  test.for(HEALTHY)('healthy: $what', async (row) => {
    const result = await checked({ args: ['--for', '3'], ...row }, await row.start());
    expect(result).toEqual({ status: 0, line: expect.stringMatching(/^UWSGI OK - /) });
  });

  test('an emperor with plain stats: unknown', async () => {
    const target = await plainEmperor();
    const why = 'no workers: for an emperor, set emperor-stats = ADDRESS to see its vassals';
    expect(await checked({}, target)).toEqual({ status: 3, line: `UWSGI UNKNOWN - ${why}` });
    expect((await statstop(['--once', target])).stdout.toString()).toContain(why);
  });

  test.for(SICK)('faulty: $what', async (row) => {
    const target = await row.start();
    const deadline = performance.now() + TIMEOUT_SECONDS * 1000;
    let result = await checked(row, target);
    while (!row.line.test(result.line) && performance.now() < deadline) result = await checked(row, target);
    expect(result.line).toMatch(row.line);
    expect(result.status).toBe(result.line.startsWith('UWSGI CRITICAL') ? 2 : 1);
  });
});
