import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createHost } from '../../src/host/host.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { command, NO_SETTINGS } from '../commands/run.ts';
import { skipping } from '../lab/available.ts';
import { readerOf } from '../lab/reader.ts';

/** What statstop does as root for a server of another user that tries to make it open files. */

const SERVER = fileURLToPath(new URL('../../fixtures/lab/fake.mjs', import.meta.url));
const NOBODY = 65534;
const AS_NOBODY = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];

const cannotChange =
  spawnSync('setpriv', [...AS_NOBODY, process.execPath, '-e', '0']).status !== 0 &&
  skipping(
    'a hostile server of another user',
    'it needs root, setpriv (util-linux), and Node.js for every user',
  );

/**
 * Mounts a file system without a server process at `$0`, so that every access hangs. Then executes the other arguments.
 */
const HANGING = `exec 9<>/dev/fuse
  mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 none "$0" && exec "$@"`;

const cannotMount =
  cannotChange ||
  (spawnSync('unshare', ['--mount', 'sh', '-c', HANGING, '/mnt', 'true']).status !== 0 &&
    skipping('a file system that never answers', 'it needs root, unshare (util-linux) and FUSE'));

/** Creates a folder with one place for an unprivileged user, and a private place for root with the tasks of a spooler. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-hostile-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const path = (name: string) => join(folder, name);
  const spool = (name: string, tasks: number, mode: number) => {
    mkdirSync(path(name), { recursive: true });
    for (let task = 0; task < tasks; task += 1)
      writeFileSync(path(`${name}/uwsgi_spoolfile_on_h_${task}`), '');
    chmodSync(path(name), mode);
  };
  spool('own', 0, 0o755);
  chownSync(path('own'), NOBODY, NOBODY);
  return { folder, path, spool };
}

/**
 * Starts a process named uwsgi that answers at `stats`.
 *
 * @param by the command that starts it, as which user and where
 * @param words more arguments of its command line
 */
async function serve(folder: string, document: unknown, by: string[], words: string[] = []): Promise<string> {
  const [script, file, binary] = ['fake.mjs', 'document', 'uwsgi'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  copyFileSync(SERVER, script);
  writeFileSync(file, JSON.stringify(document));
  // The name of a process is the file name of its executable.
  symlinkSync(process.execPath, binary);
  const target = join(folder, 'own', 'stats');
  const [starter = '', ...options] = by;
  const child = spawn(starter, [...options, binary, script, target, file, ...words], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  await vi.waitFor(() => readerOf(target).app(), { timeout: 20_000, interval: 50 });
  return target;
}

/** The data of the kernel about the server, once the check of the folders has ended. */
async function readingOf(target: string, known: string) {
  const host = createHost({ target: parseTarget(target) });
  let clock = SYSTEM_CLOCK.monotonic();
  return vi.waitFor(
    async () => {
      const { snapshot } = (await readerOf(target).app()).sample;
      clock += 1;
      const reading = await host.read(snapshot, clock);
      if (!reading?.spools.has(known)) throw new Error('not yet');
      return reading;
    },
    { timeout: 20_000, interval: 50 },
  );
}

describe.skipIf(cannotChange)('a hostile server', { timeout: 60_000 }, () => {
  test("cannot make statstop read a folder that the server's user cannot read", async () => {
    const { folder, path, spool } = place();
    spool('private', 2, 0o700);
    spool('closed/inside', 3, 0o755);
    chmodSync(path('closed'), 0o700);
    spool('own/spool', 4, 0o755);
    symlinkSync(path('private'), path('own/link'));
    symlinkSync('../../private', path('own/spool/7'));
    spool('own/good', 1, 0o755);
    symlinkSync(path('own/good'), path('own/honest'));
    execFileSync('mkfifo', ['-m', '666', path('own/fifo')]);
    const dirs = ['private', 'own/link', 'closed/inside', 'own/spool', 'own/fifo', 'own/../private'].map(
      path,
    );
    const others = ['/dev', '/dev/ptmx', '/proc/self/fd', '/proc/self/root/root', '/root', '/dev/fd/../..'];
    const good = [path('own/honest'), path('own/good')];
    const spoolers = [...dirs, ...others, ...good].map((dir) => ({ dir, pid: 1, tasks: 0 }));
    const target = await serve(folder, { spoolers }, ['setpriv', ...AS_NOBODY], ['--ini', '/dev/ptmx']);
    const reading = await readingOf(target, path('own/good'));
    expect([...reading.spools].filter(([dir]) => dir !== '/dev')).toEqual(good.map((dir) => [dir, 1]));
    expect(reading.processes.get(1)?.started).toBeGreaterThan(0);
  });

  test.skipIf(cannotMount)('cannot delay the output or the end with a file system that hangs', async () => {
    const { folder, path, spool } = place();
    spool('good', 1, 0o755);
    mkdirSync(path('hangs'));
    const dirs = ['hangs', 'hangs/spool', 'good'].map(path);
    const document = { spoolers: dirs.map((dir) => ({ dir, pid: 1, tasks: 0 })) };
    const target = await serve(folder, document, ['unshare', '--mount', 'sh', '-c', HANGING, path('hangs')]);
    const [program, ...words] = command();
    const { signal, stdout } = spawnSync(program, [...words, '--json', '-i', '0', target], {
      env: { ...process.env, ...NO_SETTINGS },
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    expect(signal).toBeNull();
    const { spoolers } = JSON.parse(stdout);
    expect(spoolers.map(({ waiting }: { waiting: number | null }) => waiting).slice(0, 2)).toEqual([
      null,
      null,
    ]);
    expect([...(await readingOf(target, path('good'))).spools]).toEqual([[path('good'), 1]]);
  });
});
