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
import { parseTarget } from '../../src/targets/parse.ts';
import { skipping } from '../lab/available.ts';
import { readerOf } from '../lab/reader.ts';

/** What root's statstop does for a server of a user who wants it to open something. */

const SERVER = fileURLToPath(new URL('../../fixtures/lab/fake.mjs', import.meta.url));
const NOBODY = 65534;
const AS_NOBODY = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];

const cannotChange =
  spawnSync('setpriv', [...AS_NOBODY, process.execPath, '-e', '0']).status !== 0 &&
  skipping(
    'a hostile server of another user',
    'it needs root, setpriv (util-linux), and Node.js for every user',
  );

/** A folder in which `nobody` has a place, and root a private one with the tasks of a spooler. */
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

/** A process of `nobody` called uwsgi, with this command line, that answers at `stats`. */
async function serve(folder: string, document: unknown, ...words: string[]): Promise<string> {
  const [script, file, binary] = ['fake.mjs', 'document', 'uwsgi'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  copyFileSync(SERVER, script);
  writeFileSync(file, JSON.stringify(document));
  // The name of a process is that of the file it was started from.
  symlinkSync(process.execPath, binary);
  const target = join(folder, 'own', 'stats');
  const child = spawn('setpriv', [...AS_NOBODY, binary, script, target, file, ...words], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  await vi.waitFor(() => readerOf(target).app(), { timeout: 20_000, interval: 50 });
  return target;
}

/** What the kernel tells of the server, once a look at the folders has ended. */
async function readingOf(target: string, known: string) {
  const host = createHost({ target: parseTarget(target) });
  let clock = performance.now() / 1000;
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

describe.skipIf(cannotChange)('of a hostile server', { timeout: 60_000 }, () => {
  test('no folder is read that its user could not read', async () => {
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
    const target = await serve(folder, { spoolers }, '--ini', '/dev/ptmx');
    const reading = await readingOf(target, path('own/good'));
    expect([...reading.spools].filter(([dir]) => dir !== '/dev')).toEqual(good.map((dir) => [dir, 1]));
    expect(reading.processes.get(1)?.started).toBeGreaterThan(0);
  });
});
