import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHost, type Host } from '../../src/host/host.ts';
import { assess, type LevelChanges, NOTHING_FOUND } from '../../src/insights/assess.ts';
import type { Finding } from '../../src/rates/finding.ts';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import type { AppSample, Sample } from '../../src/rates/sample.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { type Inside, insideOf } from '../lab/inside.ts';
import { startLoad } from '../lab/load.ts';
import { type Reader, readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';

/** Seconds between the reads. */
const STEP = 0.25;

interface Watcher {
  /**
   * Reads until `fits` returns true for the findings.
   *
   * @throws Error with the findings if the timeout expires
   */
  until(what: string, fits: (findings: readonly Finding[]) => boolean): Promise<readonly Finding[]>;
  /** All rules that have had a finding so far. */
  readonly seen: ReadonlySet<string>;
  sample(): Sample | null;
}

/** Observes a real server as the live view does. */
function watcherOf(reader: Reader, changes: LevelChanges = {}, host: Host | null = null): Watcher {
  let history = NO_HISTORY;
  let assessment = NOTHING_FOUND;
  let last: Sample | null = null;
  const seen = new Set<string>();
  return {
    seen,
    sample: () => last,
    async until(what, fits) {
      const deadline = performance.now() + TIMEOUT_MS;
      for (;;) {
        const { sample: read, to } = await reader.next();
        const isKnown = host !== null && read.kind === 'app';
        const sample = isKnown ? { ...read, host: await host.read(read.snapshot, to) } : read;
        last = sample;
        history = remember(history, sample);
        assessment = assess(assessment, { sample, history }, changes);
        for (const { rule } of assessment.findings) seen.add(rule);
        if (fits(assessment.findings)) return assessment.findings;
        if (performance.now() > deadline)
          throw new Error(
            `not within ${TIMEOUT_SECONDS} s: ${what}; found: ${JSON.stringify(assessment.findings)}`,
          );
        await sleep(STEP * 1000);
      }
    },
  };
}

const hostOf = (target: string): Host => createHost({ target: parseTarget(target), whole: true });
const has = (rule: string) => (findings: readonly Finding[]) => findings.some((each) => each.rule === rule);
const hasAll =
  (...rules: string[]) =>
  (findings: readonly Finding[]) =>
    rules.every((rule) => has(rule)(findings));
const hasNone = (findings: readonly Finding[]) => findings.length === 0;
const textOf = (findings: readonly Finding[], rule: string) =>
  findings.find((each) => each.rule === rule)?.text;

/** Lower levels, so that the tests need not wait for ten seconds. */
const SOON: LevelChanges = { stuck: { warning: 3, critical: 60 }, busy: { warning: 2, critical: 30 } };

describe.skipIf(skipWithout())('the findings of a real server', () => {
  test('report a held worker and a full queue, and disappear with them', async () => {
    const server = await insideOf({ processes: 1, httpPort: true, args: ['--listen', '20'] });
    const watcher = watcherOf(readerOf(server.target), SOON, hostOf(server.target));
    await watcher.until('nothing', hasNone);
    hold(server);
    for (let waiting = 0; waiting < 8; waiting += 1) void server.ask('/').catch(() => {});
    const found = await watcher.until('queue, busy and stuck', hasAll('queue', 'busy', 'stuck'));
    expect(textOf(found, 'queue')).toMatch(/^listen queue filling: [678] waiting, limit 20$/);
    expect(textOf(found, 'busy')).toMatch(/^the only core busy for \d+s, oldest on 1:0: GET /);
    expect(textOf(found, 'stuck')).toMatch(/^request running for \d+s on 1:0: GET \/inside\/hold\/1$/);
    const [stuck, full] = ['stuck', 'queue'].map((rule) => found.find((each) => each.rule === rule));
    const [worker] = watcher.sample()?.kind === 'app' ? (watcher.sample() as AppSample).snapshot.workers : [];
    expect(stuck?.about).toEqual({ view: 'requests', row: expect.stringMatching(/^1:0 \d+$/) });
    expect(stuck?.advice).toContain(`kill -TERM ${worker?.pid} ends worker 1 and its 1 request;`);
    expect(full?.about).toEqual({ view: 'sockets', row: expect.stringMatching(/^\w+ 127\.0\.0\.1:\d+$/) });
    expect(full?.advice).toContain('listen = 1024 (now 20)');
    // The command `check` reports the same.
    const ended = await statstop(['check', '-i', '0', '--level', 'stuck=3', server.target]);
    expect(ended.stdout.toString()).toMatch(
      /^UWSGI WARNING - .*queue filling: .*request running for .* \| .*queue=[678];;;0;20/,
    );
    expect(ended.status).toBe(1);
    server.release();
    await watcher.until('nothing again', hasNone);
    expect([...watcher.seen].sort()).toEqual(['busy', 'queue', 'stuck']);
  });

  test('give a command that ends a stuck worker with all its threads, and the worker is replaced', async () => {
    const server = await serverOf({ processes: 1, threads: 3 });
    const reader = readerOf(server.target);
    const watcher = watcherOf(reader, SOON, hostOf(server.target));
    await watcher.until('nothing', hasNone);
    const load = startLoad({
      to: server.http,
      path: () => '/sleep/60',
      connections: 3,
      seconds: 60,
      count: 3,
    });
    await watcher.until('stuck', has('stuck'));
    const found = await watcher.until('three requests', (all) =>
      all.some(({ advice }) => /its 3 requests/.test(advice)),
    );
    const { advice = '' } = found.find(({ rule }) => rule === 'stuck') ?? {};
    const [, pid] = /kill -TERM (\d+) ends worker 1 and its 3 requests/.exec(advice) ?? [];
    process.kill(Number(pid), 'SIGTERM');
    await watcher.until('nothing again', hasNone);
    await load.stop();
    const [worker] = (await reader.app()).sample.snapshot.workers;
    expect([worker?.pid === Number(pid), worker?.spawns]).toEqual([false, 2]);
  });

  test('report a worker whose GIL one request holds, while another worker serves requests', async () => {
    const args = ['--enable-threads', '--threads', '4'];
    const server = await insideOf({ processes: 2, httpPort: true, args });
    const levels = { 'worker-stuck': { warning: 3, critical: 600 } };
    const watcher = watcherOf(readerOf(server.target), levels, hostOf(server.target));
    await watcher.until('nothing', hasNone);
    void server.ask('/gil/60').catch(() => {});
    // The held worker accepts requests, too, which wait there. The other worker serves the others.
    const load = startLoad({ to: server.http, path: '/', connections: 4, seconds: 600 });
    const found = await watcher.until('a stuck worker', has('worker-stuck'));
    void load.stop();
    expect(textOf(found, 'worker-stuck')).toMatch(
      /^worker [12] finished no request for \d+s: 4 wait, CPU [\d.]+%; GET \/inside\/gil\/:n and GET \/$/,
    );
  });

  test('report exceptions with the share of requests', async () => {
    const server = await serverOf({ processes: 2 });
    const watcher = watcherOf(readerOf(server.target));
    await watcher.until('nothing', hasNone);
    const path = (index: number) => (index % 4 === 0 ? '/boom' : '/');
    await startLoad({ to: server.http, path, connections: 2, seconds: 600, count: 80 }).finished;
    const found = await watcher.until('exceptions', has('exceptions'));
    expect(textOf(found, 'exceptions')).toMatch(/^20 exceptions in (?:<1|\d+)s, 25% of requests$/);
    expect([...watcher.seen]).toEqual(['exceptions']);
  });

  test('report a harakiri', async () => {
    const server = await serverOf({ processes: 2, args: ['--harakiri', '1'] });
    const watcher = watcherOf(readerOf(server.target));
    await watcher.until('nothing', hasNone);
    const asked = () =>
      startLoad({ to: server.http, path: '/sleep/20', connections: 1, seconds: 600, count: 1 });
    const load = asked();
    const found = await watcher.until('a harakiri', has('harakiri'));
    await load.stop();
    expect(textOf(found, 'harakiri')).toMatch(/^1 harakiri in \d+s$/);
    expect(found.find(({ rule }) => rule === 'harakiri')?.severity).toBe('warning');
  });

  test('report workers that die repeatedly', async () => {
    const server = await serverOf({ processes: 2 });
    const reader = readerOf(server.target);
    const watcher = watcherOf(reader);
    await watcher.until('nothing', hasNone);
    for (let killed = 0; killed < 4; killed += 1) {
      const [worker] = (await reader.app()).sample.snapshot.workers;
      const before = worker?.pid ?? 0;
      process.kill(before, 'SIGKILL');
      await watcher.until('another process', () => {
        const sample = watcher.sample();
        const pid = sample?.kind === 'app' ? sample.snapshot.workers[0]?.pid : null;
        return pid !== null && pid !== undefined && pid !== before;
      });
    }
    const found = await watcher.until('a storm of respawns', has('respawn'));
    expect(textOf(found, 'respawn')).toMatch(/^[34] respawns of 2 workers in /);
    expect([...watcher.seen]).toEqual(['respawn']);
  });

  test('report a full cache', async () => {
    const server = await insideOf({ processes: 1, args: ['--cache2', 'name=pages,items=5'] });
    const watcher = watcherOf(readerOf(server.target));
    for (let item = 0; item < 4; item += 1) await server.ask(`/set/pages/${item}`);
    await watcher.until('nothing', hasNone);
    for (let item = 0; item < 20; item += 1) await server.ask(`/set/pages/more${item}`);
    const found = await watcher.until('a full cache', has('cache-full'));
    expect(textOf(found, 'cache-full')).toMatch(/^cache pages full: no room for \d+ items \(\d of 5\)$/);
    expect([...watcher.seen]).toEqual(['cache-full']);
  });
});

describe.skipIf(skipWithout())('a real server has no findings', () => {
  test('while it serves requests and is reloaded', async () => {
    const server = await serverOf({ processes: 2, threads: 2, memoryReport: true });
    const watcher = watcherOf(readerOf(server.target));
    const load = startLoad({ to: server.http, path: '/sleep/0.02', connections: 2, seconds: 60 });
    onTestFinished(() => load.stop());
    const end = performance.now() + 3000;
    await watcher.until('the end', () => performance.now() > end);
    expect([...watcher.seen]).toEqual([]);
    await load.stop();
    const [before] = [server.log().length];
    process.kill(server.pid(), 'SIGHUP');
    await expect.poll(() => server.log().slice(before)).toMatch(/spawned uWSGI worker 2/);
    const later = performance.now() + 1500;
    await watcher.until('the end', () => performance.now() > later).catch(() => {});
    expect([...watcher.seen]).toEqual([]);
  });

  test('while idle workers wait for connections under a lock', async () => {
    const server = await serverOf({ processes: 3, args: ['--thunder-lock'] });
    await appUntil(readerOf(server.target), ({ snapshot }) =>
      snapshot.locks.some(({ name, holder }) => name === 'thunder' && holder !== null),
    );
    const { status, stdout } = await statstop(['check', server.target]);
    expect([stdout.toString(), status]).toEqual([expect.stringMatching(/^UWSGI OK - 3 workers run/), 0]);
  });
});

function hold(server: Inside): void {
  void server.ask('/hold/1').catch(() => {});
}
