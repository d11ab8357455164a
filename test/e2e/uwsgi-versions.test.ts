import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findTracebacker } from '../../src/host/tracebacker.ts';
import { requestsInFlight } from '../../src/rates/in-flight.ts';
import { readStacks } from '../../src/sources/read-stacks.ts';
import { parseStacks } from '../../src/stats/stacks.ts';
import { statstop } from '../commands/run.ts';
import { known, ps, ss, watched } from '../host/real.ts';
import { freePort } from '../lab/addresses.ts';
import { HOLDS_REQUESTS, holdRequest } from '../lab/held.ts';
import { ask, startLoad } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import { skipWithoutVersion, VERSIONS } from '../lab/versions.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';

const PATIENCE = { timeout: 20_000, interval: 100 };

/** What must be readable for every version of uWSGI. The tests with the installed version contain the details. */
for (const version of VERSIONS) {
  describe.skipIf(skipWithoutVersion(version))(`uWSGI ${version.name}`, () => {
    it('has that version in its document', async () => {
      const { target } = await serverOf({ version });
      const { sample } = await readerOf(target).app();
      expect(sample.snapshot.server.version).toMatch(
        new RegExp(`^${version.name.replaceAll('.', '\\.')}\\b`),
      );
    });

    it('without an application is detected by the size of its responses', async () => {
      const server = await serverOf({ version, ini: 'no-app.ini' });
      await startLoad({ to: server.http, path: '/', connections: 1, count: 3, seconds: 60 }).finished;
      const { status, stdout } = await statstop(['check', '--interval', '0', server.target]);
      expect([status, stdout.toString()]).toEqual([
        2,
        expect.stringMatching(/^UWSGI CRITICAL - no application loaded: 3 requests/),
      ]);
    });

    it('reports a reload that waits for a request', async () => {
      const server = await serverOf({ version, processes: 3 });
      const reader = readerOf(server.target);
      // The signal would end a worker that is still starting, and the master would start it again.
      await appUntil(reader, ({ totals }) => totals.idle === 3);
      void startLoad({ to: server.http, path: '/sleep/30', connections: 1, count: 1, seconds: 60 });
      await appUntil(reader, ({ totals }) => totals.coresBusy === 1);
      process.kill(server.pid(), 'SIGHUP');
      await appUntil(reader, ({ totals }) => totals.down === 2);
      const { stdout } = await statstop(['check', '--for', '4', server.target]);
      expect(stdout.toString()).toMatch(/^UWSGI WARNING - reloading for \ds, waiting for \d:0 GET \/sleep/);
    });

    it.each([
      ['processes', { processes: 2 }],
      ['threads', { processes: 2, threads: 2 }],
      ['gevent', { processes: 1, gevent: 10 }],
    ])('%s: counts and rates are those of the requests sent', async (_name, options) => {
      const server = await serverOf({ ...options, version });
      const reader = readerOf(server.target);
      await reader.app();
      const sleeps = startLoad({
        to: server.http,
        path: '/sleep/0.05',
        connections: 2,
        count: 30,
        seconds: 60,
      });
      await sleeps.finished;
      // A response arrives a little before the counters are updated.
      await appUntil(
        readerOf(server.target),
        ({ totals }) => totals.requests === 30 && totals.coresBusy === 0,
      );
      const { totals, interval } = (await reader.app()).sample;
      expect(totals).toMatchObject({ requests: 30, requestsDelta: 30, exceptions: 0, harakiris: 0 });
      expect(totals.rps).toBeCloseTo(30 / (interval ?? 0), 9);
      // No request sleeps for less time. Its client measures the time in the server and the connection.
      const took = sleeps.outcomes.reduce((sum, outcome) => sum + outcome.took, 0) / 30;
      expect(totals.responseTime).toBeGreaterThan(0.0499);
      expect(totals.responseTime).toBeLessThan(took * 1.02);

      const booms = startLoad({ to: server.http, path: '/boom', connections: 1, count: 3, seconds: 60 });
      await booms.finished;
      const { totals: after } = await appUntil(reader, ({ totals }) => totals.requests === 33);
      expect(after.exceptions).toBe(3);
    });

    it('requests in flight have their URL and their core, without secrets', async () => {
      const server = await serverOf({ processes: 2, threads: 2, args: HOLDS_REQUESTS, version });
      holdRequest(server.http, Buffer.from('/cart?token=hunter2'), ['Cookie: sessionid=hunter2']);
      // A core is in a request before its variables are present.
      const sample = await appUntil(
        readerOf(server.target),
        (sample) => requestsInFlight(sample)[0]?.method === 'POST',
      );
      expect(requestsInFlight(sample)).toMatchObject([{ uri: '/cart?token=hunter2' }]);
      const { status, stdout, stderr } = await statstop([server.target, '--json', '--interval', '0.2']);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout.toString()).toContain('/cart?token=***');
      expect(stdout.toString()).not.toContain('hunter2');
    });

    it('queues of unix sockets come from the kernel, those of TCP from the document', async () => {
      const port = await freePort('127.0.0.1');
      const args = [...HOLDS_REQUESTS, '--listen', '50', '--socket', `127.0.0.1:${port}`];
      const server = await serverOf({ processes: 1, args, version });
      const path = join(server.folder, 'http.sock');
      const seen = watched(server.target);
      // The only worker runs the first request, so the others wait.
      holdRequest(server.http, Buffer.from('/first'));
      await appUntil(seen.reader, ({ totals }) => totals.coresBusy === 1);
      for (const name of ['/b', '/c', '/d']) holdRequest(server.http, Buffer.from(name));
      for (const name of ['/e', '/f']) holdRequest({ host: '127.0.0.1', port }, Buffer.from(name));
      await vi.waitFor(async () => {
        const { snapshot, reading } = await known(seen);
        expect(reading.queues.get(path)).toEqual({ queue: 3, limit: 50 });
        const tcp = snapshot.sockets.find(({ name }) => name === `127.0.0.1:${port}`);
        expect(tcp).toMatchObject({ queue: 2, maxQueue: 50 });
      }, PATIENCE);
      expect(ss('-x', 'src', path)).toEqual({ queue: 3, limit: 50 });
    });

    it('is proved to run on this machine, and its processes are those of ps', async () => {
      const { target, pid } = await serverOf({ processes: 2, threads: 2, version });
      const seen = watched(target);
      // The memory still grows when the server answers.
      await vi.waitFor(async () => {
        const { snapshot, reading } = await known(seen);
        expect(reading.master.pid).toBe(pid());
        expect([...reading.processes.keys()]).toEqual([1, 2]);
        for (const { id, pid } of snapshot.workers) expect(reading.processes.get(id)?.pid).toBe(pid);
        for (const process of [reading.master, ...reading.processes.values()]) {
          const rss = Number(ps(process.pid, 'rss')) * 1024;
          expect(Math.abs((process.rss ?? Number.NaN) - rss)).toBeLessThanOrEqual(0.02 * rss);
          expect(Math.floor(process.started)).toBe(Date.parse(ps(process.pid, 'lstart')) / 1000);
        }
      }, PATIENCE);
    });

    it('the Python stacks are read from the tracebacker', async () => {
      const args = ['--py-tracebacker', '$(LAB_FOLDER)/app.tb'];
      const server = await serverOf({ processes: 1, threads: 2, args, version });
      // It runs until the server ends.
      ask(server.http, '/sleep/30').catch(() => {});
      const busy = await appUntil(readerOf(server.target), ({ totals }) => totals.coresBusy === 1);
      const [worker] = busy.snapshot.workers;
      const stack = await vi.waitFor(async () => {
        const found = worker ? await findTracebacker(worker, busy.snapshot.server.pid) : null;
        if (found === null) return expect.fail('there is no tracebacker');
        const text = await readStacks(found.address, { timeoutSeconds: 5 }).finally(() => found.close());
        const stacks = parseStacks(text);
        const frames = stacks.flatMap((each) => each.frames);
        expect(frames.map((frame) => frame.function)).toContain('sleep');
        return frames;
      }, PATIENCE);
      expect(stack.at(-1)?.source).toBe('time.sleep(seconds_of(argument))');
    });

    it('an emperor has its vassals and its blacklist, and a vassal is proved to run on this machine', async () => {
      const server = await serverOf({ emperor: true, version });
      const reader = readerOf(server.target);
      const { vassals, blacklist } = await vi.waitFor(async () => {
        const { snapshot } = (await reader.emperor()).sample;
        expect(
          snapshot.vassals
            .filter(({ ready }) => ready)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(['blog.ini', 'shop.ini']);
        expect(snapshot.blacklist).toHaveLength(1);
        return snapshot;
      }, PATIENCE);
      expect(blacklist[0]?.id).toBe('broken.ini');
      // The vassal is ready before its stats server listens.
      const blog = await vi.waitFor(() => known(watched(`${server.folder}/blog.stats`)), PATIENCE);
      expect(blog.reading.master.pid).toBe(vassals.find(({ id }) => id === 'blog.ini')?.pid);
      expect(blog.reading.processes.size).toBe(2);
    });

    it.skipIf(skipWithoutTmux())('the live view shows the workers, and --once the same ones', async () => {
      const server = await serverOf({ processes: 3, version });
      const once = await statstop([server.target, '--once', '--interval', '0.2']);
      expect([once.status, once.stderr]).toEqual([0, '']);
      const tmux = new Tmux();
      tmux.enter(
        `clear; statstop --interval 0.2 --columns id,pid,requests ${server.target}; echo "ended with $?"`,
      );
      await tmux.untilText('WID');
      const { snapshot } = (await readerOf(server.target).app()).sample;
      for (const { pid } of snapshot.workers) {
        await tmux.untilText(new RegExp(`\\b${pid}\\b`));
        expect(once.stdout.toString()).toMatch(new RegExp(`\\b${pid}\\b`));
      }
      await startLoad({ to: server.http, path: '/', connections: 1, count: 7, seconds: 60 }).finished;
      const requestsIn = (screen: string) =>
        [...screen.matchAll(/^ +\d+ +\d+ +(\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
      await tmux.until((screen) => requestsIn(screen) === 7, 'the seven requests');
      tmux.press('q');
      await tmux.untilText(/^ended with 0$/m);
    });
  });
}
