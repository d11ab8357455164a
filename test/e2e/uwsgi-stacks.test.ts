import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findTracebacker } from '../../src/host/tracebacker.ts';
import type { AppSample } from '../../src/rates/sample.ts';
import { readStacks } from '../../src/sources/read-stacks.ts';
import { NoAbstractTracebackerError, TracebackerHeldError } from '../../src/sources/stacks-errors.ts';
import type { Worker } from '../../src/stats/snapshot.ts';
import { isGeventHub, parseStacks, type StackFrame, stackOfCore } from '../../src/stats/stacks.ts';
import { skipWithout } from '../lab/available.ts';
import { ask } from '../lab/load.ts';
import { type Reader, readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import type { UwsgiOptions } from '../lab/uwsgi.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';

const APP = fileURLToPath(new URL('../../fixtures/lab/app.py', import.meta.url));
const SOURCE = readFileSync(APP, 'utf8').split('\n');
const WITH_TRACEBACKER = ['--py-tracebacker', '$(LAB_FOLDER)/app.tb'];
const WAITING = { timeout: TIMEOUT_MS, interval: 50 };

/** Starts a server, with readers of its stats. */
async function serverWith(options: UwsgiOptions) {
  const server = await serverOf({ args: WITH_TRACEBACKER, ...options });
  return { server, reader: readerOf(server.target) };
}

const paths = (sample: AppSample) =>
  Promise.all(sample.snapshot.workers.map((worker) => find(worker, sample.snapshot.server.pid)));

/** Finds the name of the tracebacker of a worker. */
async function find(worker: Worker, master: number | null): Promise<string | null> {
  const found = await findTracebacker(worker, master);
  await found?.close();
  return found?.name ?? null;
}

/** The names of the tracebackers, once they listen. A tracebacker starts some time after its worker. */
async function pathsOf(reader: Reader): Promise<string[]> {
  const found = await vi.waitUntil(async () => {
    const all = await paths((await reader.app()).sample);
    return all.every((path) => path !== null) && all;
  }, WAITING);
  return found.map(String);
}

const stacksOf = async (path: string) =>
  parseStacks(await readStacks(path, { timeoutSeconds: TIMEOUT_SECONDS }));

const busyCores = (sample: AppSample) =>
  sample.snapshot.workers.flatMap((worker) =>
    worker.cores.filter(({ inRequest }) => inRequest).map(({ id }) => ({ worker, core: id })),
  );

/** Waits until that many cores are in a request. */
const whenBusy = (reader: Reader, count: number) =>
  appUntil(reader, (sample) => busyCores(sample).length === count).then(busyCores);

/** The current position of a frame in the application's file. */
function place(frame: StackFrame | undefined): string {
  expect(frame?.file).toBe(APP);
  expect(frame?.source).toBe(SOURCE[(frame?.line ?? 0) - 1]?.trim());
  return `${frame?.function}: ${frame?.source}`;
}

const SLEEPING = 'sleep: time.sleep(seconds_of(argument))';

describe.skipIf(skipWithout())('the Python stacks of a real server', () => {
  test('without threads: one request has the stack of its worker', async () => {
    const { server, reader } = await serverWith({ processes: 2 });
    const tracebackers = await pathsOf(reader);
    expect(tracebackers).toEqual([1, 2].map((id) => join(server.folder, `app.tb${id}`)));
    const request = ask(server.http, '/sleep/4');
    const [busy] = await whenBusy(reader, 1);
    if (!busy) return expect.fail('no core is busy');
    const [path = '', other = ''] = busy.worker.id === 1 ? tracebackers : tracebackers.toReversed();
    // The core is in a request a moment before the application is called.
    const stack = await vi.waitUntil(async () => {
      const seen = stackOfCore(await stacksOf(path), busy.worker, 0);
      return seen?.frames.at(-1)?.function === 'sleep' && seen;
    }, WAITING);
    expect(stack.whole).toBe(true);
    expect(stack.frames.map((frame) => frame.function)).toEqual(['application', 'sleep']);
    expect(place(stack.frames.at(-1))).toBe(SLEEPING);
    expect(await stacksOf(other)).toEqual([]);
    await request;
    expect(await vi.waitUntil(async () => (await stacksOf(path)).length === 0, WAITING)).toBe(true);
  });

  test('with threads: each core has its own stack', async () => {
    const { server, reader } = await serverWith({ processes: 1, threads: 4 });
    const [path = ''] = await pathsOf(reader);
    const requests = ['/sleep/4', '/sleep/4', '/burn/2'].map((each) => ask(server.http, each));
    const cores = await whenBusy(reader, 3);
    const places = await vi.waitUntil(async () => {
      const stacks = await stacksOf(path);
      const found = cores.map(({ worker, core }) => stackOfCore(stacks, worker, core)?.frames.at(-1));
      return found.every((frame) => frame && frame.function !== 'application') && found.map(place);
    }, WAITING);
    expect(places.filter((each) => each === SLEEPING)).toHaveLength(2);
    expect(places.filter((each) => each.startsWith('burn: '))).toHaveLength(1);
    await Promise.all(requests);
  });

  test('a stopped worker sends no stack, and an error reports it', async () => {
    const { reader } = await serverWith({ processes: 1 });
    const [path = ''] = await pathsOf(reader);
    const pid = (await reader.app()).sample.snapshot.workers[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    // A signal can take time on a busy machine.
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) T /), TIMEOUT_MS);
    await expect(readStacks(path, { timeoutSeconds: 0.5 })).rejects.toThrow(TracebackerHeldError);
    process.kill(pid, 'SIGCONT');
    expect(await stacksOf(path)).toEqual([]);
  });

  test('many readings leave no open sockets in the worker', async () => {
    const { server, reader } = await serverWith({ processes: 1, threads: 2 });
    const [path = ''] = await pathsOf(reader);
    const request = ask(server.http, '/sleep/3');
    const [busy] = await whenBusy(reader, 1);
    const open = () => readdirSync(`/proc/${busy?.worker.pid}/fd`).length;
    await stacksOf(path);
    const before = open();
    for (let i = 0; i < 100; i++) await stacksOf(path);
    expect(open()).toBe(before);
    await request;
  });
});

describe.skipIf(skipWithout())('the tracebacker of a real worker', () => {
  test('is also found by a relative path', async () => {
    const args = ['--py-tracebacker', 'app tb'];
    const { server, reader } = await serverWith({ processes: 1, args });
    expect(await pathsOf(reader)).toEqual([join(server.folder, 'app tb1')]);
  });

  test('with an abstract name is found, and read if this Node.js supports it', async () => {
    const name = `@statstop${process.pid}.tb`;
    const { reader } = await serverWith({ processes: 1, args: ['--py-tracebacker', name] });
    const [path = ''] = await pathsOf(reader);
    expect(path).toBe(`${name}1`);
    if (Number.parseInt(process.versions.node, 10) >= 22) expect(await stacksOf(path)).toEqual([]);
    else await expect(stacksOf(path)).rejects.toThrow(NoAbstractTracebackerError);
  });

  test('is found again after another process has taken its place', async () => {
    const { server, reader } = await serverWith({ processes: 1 });
    const [path] = await pathsOf(reader);
    const old = (await reader.app()).sample.snapshot.workers[0];
    if (!old?.pid) return expect.fail('there is no worker');
    process.kill(old.pid, 'SIGKILL');
    await appUntil(reader, ({ snapshot }) => ![old.pid, null].includes(snapshot.workers[0]?.pid ?? null));
    expect(await pathsOf(reader)).toEqual([path]);
    expect(await find(old, server.pid())).toBeNull();
  });

  test('is not found after another server took its path, nor for another master or worker number', async () => {
    const { server, reader } = await serverWith({ processes: 1 });
    const [path = ''] = await pathsOf(reader);
    const worker = (await reader.app()).sample.snapshot.workers[0];
    if (!worker) return expect.fail('there is no worker');
    expect(await find(worker, process.pid)).toBeNull();
    expect(await find({ ...worker, id: 2 }, server.pid())).toBeNull();
    const second = await serverWith({ processes: 1, args: ['--py-tracebacker', path.slice(0, -1)] });
    await vi.waitUntil(() => second.server.log().includes('python tracebacker for worker 1'), WAITING);
    expect(await paths((await second.reader.app()).sample)).toEqual([null]);
    expect(await find(worker, server.pid())).toBeNull();
  });

  test('is not found if the worker only listens on other sockets', async () => {
    // The names of these sockets of the server end with the numbers of its workers.
    const more = [1, 2].flatMap((id) => ['--socket', `$(LAB_FOLDER)/more${id}`]);
    const server = await serverOf({ processes: 2, args: more });
    const { sample } = await readerOf(server.target).app();
    expect(sample.snapshot.workers.map(({ id }) => id)).toEqual([1, 2]);
    expect(readdirSync(server.folder)).toEqual(expect.arrayContaining(['more1', 'more2']));
    expect(await paths(sample)).toEqual([null, null]);
  });
});

describe.skipIf(skipWithout('gevent'))('the Python stacks under gevent', () => {
  test('contain only the event loop while all requests wait, and it belongs to no request', async () => {
    const { server, reader } = await serverWith({ processes: 1, gevent: 4 });
    const [path = ''] = await pathsOf(reader);
    const requests = ['/sleep/4', '/sleep/4'].map((each) => ask(server.http, each));
    onTestFinished(async () => void (await Promise.allSettled(requests)));
    const cores = await whenBusy(reader, 2);
    const stacks = await vi.waitUntil(async () => {
      const seen = await stacksOf(path);
      return seen.some(isGeventHub) && seen;
    }, WAITING);
    expect(stacks).toHaveLength(1);
    for (const { worker, core } of cores) expect(stackOfCore(stacks, worker, core)).toBeNull();
  });

  test('contain the running greenlet, without its request', async () => {
    const { server, reader } = await serverWith({ processes: 1, gevent: 4 });
    const [path = ''] = await pathsOf(reader);
    const requests = ['/sleep/5', '/burn/2'].map((each) => ask(server.http, each));
    onTestFinished(async () => void (await Promise.allSettled(requests)));
    const cores = await whenBusy(reader, 2);
    const stacks = await vi.waitUntil(async () => {
      const seen = await stacksOf(path);
      return seen.some(({ frames }) => frames.at(-1)?.function === 'burn') && seen;
    }, WAITING);
    expect(stacks).toHaveLength(1);
    expect(place(stacks[0]?.frames.at(-1))).toMatch(/^burn: /);
    for (const { worker, core } of cores) expect(stackOfCore(stacks, worker, core)).toBeNull();
  });
});
