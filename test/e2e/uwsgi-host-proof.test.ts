import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readHostProperties } from '../../src/host/resources.ts';
import { statOf } from '../../src/host/stat.ts';
import { command, NO_SETTINGS } from '../commands/run.ts';
import { known, watched } from '../host/real.ts';
import { skipping, skipWithout } from '../lab/available.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const REAL = fileURLToPath(new URL('../host/real.ts', import.meta.url));
const MEMORY = fileURLToPath(new URL('../../src/host/memory.ts', import.meta.url));
const APP = fileURLToPath(new URL('../../fixtures/lab/app.ini', import.meta.url));

const skip = skipWithout();

/** Whether this process may change its user. */
const cannotChange =
  skip ||
  (spawnSync('setpriv', ['--reuid', '65534', 'true']).status !== 0 &&
    skipping('a server of another user', 'it needs root and setpriv (util-linux)'));

/** Whether this process may create a pid namespace and set the next pid in it. */
const cannotUnshare =
  skip ||
  (spawnSync('unshare', [
    '--pid',
    '--fork',
    '--mount-proc',
    'sh',
    '-c',
    'echo 999 >/proc/sys/kernel/ns_last_pid',
  ]).status !== 0 &&
    skipping('a server in a container', 'it needs root, unshare (util-linux) and a kernel with ns_last_pid'));

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-host-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Reads a server as another user, in a separate program: a process has one user.
 *
 * @param late seconds by which the start times of the workers in the document are delayed
 */
async function asNobody(target: string, late = 0) {
  const outfile = join(temporary(), 'read.mjs');
  chmodSync(join(outfile, '..'), 0o755);
  const contents = `import { memoryOf } from ${JSON.stringify(MEMORY)};
    import { watched } from ${JSON.stringify(REAL)};
    const { reader, host } = watched(${JSON.stringify(target)});
    const { snapshot } = (await reader.app()).sample;
    for (const worker of snapshot.workers) worker.lastSpawn += ${late};
    const reading = await host.read(snapshot, performance.now() / 1000);
    const memory = await memoryOf(snapshot.server.pid);
    const plain = reading && { ...reading, memory, processes: [...reading.processes], queues: [...reading.queues] };
    console.log(JSON.stringify(plain));`;
  await build({
    stdin: { contents, resolveDir: '/', loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const command = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, outfile];
  const { stdout, stderr } = spawnSync('setpriv', command, { encoding: 'utf8', cwd: '/' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe.skipIf(cannotChange)('a real server of another user', () => {
  test('is known, without shares of its memory, and without its files before Linux 6.2', async () => {
    const lab = await serverOf({ processes: 2, args: ['--chmod-socket=666', '--procname', 'app'] });
    chmodSync(lab.folder, 0o755);
    chmodSync(join(lab.folder, 'stats'), 0o666);
    const own = (await known(watched(lab.target))).reading;
    const reading = await asNobody(lab.target);
    expect(reading.master).toMatchObject({ pid: own.master.pid, started: own.master.started });
    expect([null, own.master.files]).toContain(reading.master.files);
    expect(reading.memory).toBeNull();
    expect(reading.processes).toHaveLength(2);
    for (const [id, process] of reading.processes) {
      const { pid, started, files } = own.processes.get(id) ?? {};
      expect(process).toMatchObject({ pid, started, threads: 1 });
      expect([null, files]).toContain(process.files);
      expect(process.voluntarySwitches).toBeGreaterThan(0);
      expect(process.rss).toBeGreaterThan(2 ** 20);
    }
    expect(new Map(reading.queues)).toEqual(own.queues);
  });

  test('is not trusted if the start of a worker differs from the document', async () => {
    const lab = await serverOf({ stats: 'tcp', processes: 1 });
    chmodSync(lab.folder, 0o755);
    expect(await asNobody(lab.target)).not.toBeNull();
    expect(await asNobody(lab.target, 60)).toBeNull();
    expect(await asNobody(lab.target, -60)).toBeNull();
  });
});

describe.skipIf(cannotUnshare)('a real server in a container', () => {
  /** Waits until a server is proved. A failed proof is kept for some time, so each attempt has a host of its own. */
  const contained = (target: string) =>
    vi.waitFor(() => known(watched(target)), { timeout: TIMEOUT_MS, interval: 200 });

  test('is not taken for a local server with the same pids', async () => {
    const here = await serverOf({ processes: 2 });
    const { reading } = await known(watched(here.target));
    const folder = temporary();
    mkdirSync(join(folder, 'lab'));
    const script = `echo $((${here.pid()} - 1)) >/proc/sys/kernel/ns_last_pid
      uwsgi --ini ${APP} --stats ${folder}/stats --processes 2 >${folder}/log 2>&1 & wait`;
    const inside = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', script], {
      env: { ...process.env, LAB_FOLDER: join(folder, 'lab') },
      stdio: 'ignore',
    });
    onTestFinished(() => void inside.kill('SIGKILL'));
    const server = join(folder, 'stats');
    const { snapshot, reading: found } = await contained(server);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toContain(`master process (pid: ${here.pid()})`);
    expect(snapshot.server.pid).toBe(reading.master.pid);
    // It has the same pid in its document, and is another process.
    expect(found.master.pid).toBe(reading.master.pid);
    expect(found.master.started - reading.master.started).toBeGreaterThan(0.01);
    expect((await known(watched(here.target))).reading.master.pid).toBe(here.pid());
  });

  test('is known inside its container, and not taken for one of another container at the same path', async () => {
    const path = join(temporary(), 'stats');
    /** Starts a server and waits until it answers. */
    const start = async (folder: string) => {
      mkdirSync(join(folder, 'lab'));
      const script = `exec uwsgi --ini ${APP} --stats ${path} --processes 2 >${folder}/log 2>&1`;
      const unshare = ['--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', script];
      const env = { ...process.env, LAB_FOLDER: join(folder, 'lab') };
      const child = spawn('unshare', unshare, { env, cwd: folder, stdio: 'ignore' });
      onTestFinished(() => void child.kill('SIGKILL'));
      await vi.waitFor(
        async () => {
          const { server, workers } = (await readerOf(path).app()).sample.snapshot;
          // The pids of each container start at 1.
          expect([server.cwd, server.pid, ...workers.map(({ pid }) => pid)]).toEqual([folder, 1, 2, 3]);
        },
        { timeout: 15_000, interval: 50 },
      );
      return readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    };
    /** Runs statstop in the container of that process. Returns its output. */
    const within = (pid: string) => {
      const words = ['-t', pid, '-p', '-m', ...command(), '--json', '-i', '0', path];
      const { stdout, stderr } = spawnSync('nsenter', words, {
        encoding: 'utf8',
        env: { ...process.env, ...NO_SETTINGS },
      });
      expect(stderr).toBe('');
      const { host, workers, server } = JSON.parse(stdout);
      return { cwd: server.cwd, host, workers: workers.map((each: { rss: number | null }) => each.rss) };
    };
    const [one, other] = [temporary(), temporary()];
    const first = await start(one);
    const rss = expect.any(Number);
    expect(within(first)).toMatchObject({ cwd: one, host: { rss }, workers: [rss, rss] });
    const second = await start(other);
    expect(within(second)).toMatchObject({ cwd: other, host: { rss }, workers: [rss, rss] });
    expect(within(first)).toEqual({ cwd: other, host: null, workers: [null, null] });
  });

  test('is known by its socket, and not by its own pids, which belong to other local processes', async () => {
    const folder = temporary();
    mkdirSync(join(folder, 'lab'));
    const script = `uwsgi --ini ${APP} --stats ${folder}/stats >${folder}/log 2>&1 & wait`;
    const inside = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', script], {
      env: { ...process.env, LAB_FOLDER: join(folder, 'lab') },
      stdio: 'ignore',
    });
    onTestFinished(() => void inside.kill('SIGKILL'));
    const server = join(folder, 'stats');
    const { snapshot, reading } = await contained(server);
    expect(snapshot.server.pid).toBeLessThan(20);
    expect(reading.master.pid).toBe(snapshot.server.pid);
    const local = statOf(`/proc/${reading.master.pid}`)?.startedAfterBoot ?? 0;
    const { bootTime } = await readHostProperties('/proc');
    expect(reading.master.started - bootTime).toBeGreaterThan(local + 0.5);
  });
});
