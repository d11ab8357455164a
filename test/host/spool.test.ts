import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Spools, type SpoolsOptions, tasksIn } from '../../src/host/spool.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { spooler } from '../insights/cases.ts';
import { app } from '../rates/builders.ts';
import { put } from './fake-host.ts';

const MASTER = 40;

/** A fake `/proc` with a master of this user that has the folders below `root` as its root. */
function fakeSpools() {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-spool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [proc, root] = [join(folder, 'proc'), join(folder, 'root')];
  mkdirSync(root);
  put(proc, MASTER, { status: [`Uid:\t0 0 0 ${process.geteuid?.()}`, 'Gid:\t0 0 0 0', `NSpid:\t${MASTER}`] });
  rmSync(join(proc, String(MASTER), 'root'));
  symlinkSync(root, join(proc, String(MASTER), 'root'));
  return {
    count: (dir: string, most = 50_000) => tasksIn(join(proc, String(MASTER)), dir, most),
    path: (name: string) => join(root, name),
    fill(name: string, tasks: number, others: readonly string[] = []): void {
      mkdirSync(join(root, name), { recursive: true });
      for (let task = 0; task < tasks; task += 1)
        writeFileSync(join(root, name, `uwsgi_spoolfile_on_host_7_${task}_1_2_3`), '');
      for (const other of others) writeFileSync(join(root, name, other), '');
    },
  };
}

const server = (...dirs: (string | null)[]): AppSnapshot =>
  app([], { spoolers: dirs.map((dir) => spooler({ dir, waiting: null })) });

it('only the files of tasks are counted', async () => {
  const { count, fill } = fakeSpools();
  fill('spool', 7, ['README', '.uwsgi_spoolfile_on_host', '12', 'uwsgi_spoolfile']);
  fill('empty', 0);
  expect([await count('/spool'), await count('/empty')]).toEqual([7, 0]);
});

it('tasks in the folders of priorities are counted', async () => {
  const { count, fill } = fakeSpools();
  fill('spool', 2);
  fill('spool/1', 3);
  fill('spool/20', 4);
  fill('spool/old', 5);
  expect(await count('/spool')).toBe(9);
});

it('the number is unknown for missing folders and for relative paths, which uWSGI never writes', async () => {
  const { count, fill } = fakeSpools();
  fill('spool', 1);
  await expect(count('/gone')).rejects.toThrow('ENOENT');
  await expect(count('spool')).rejects.toThrow('absolute');
});

it('the number is unknown if a part of the folder cannot be read', async () => {
  const { count, fill, path } = fakeSpools();
  fill('spool', 1);
  symlinkSync('1', path('spool/1'));
  await expect(count('/spool')).rejects.toThrow('too many symbolic links');
});

it('the count stops if there are too many other files', async () => {
  const { count, fill } = fakeSpools();
  fill('spool', 2, ['a', 'b', 'c']);
  expect([await count('/spool', 6), await count('/spool', 5)]).toEqual([2, null]);
});

it('the count stops at ten thousand tasks', async () => {
  const { count, fill, path } = fakeSpools();
  fill('spool', 10_001);
  // A link to itself: resolving it would fail.
  symlinkSync('1', path('spool/1'));
  expect(await count('/spool')).toBe(10_000);
});

it('each folder is read once, and an error of one does not affect the others', async () => {
  const looks: string[] = [];
  const tasksIn = async (process: string, folder: string) => {
    looks.push(`${process} ${folder}`);
    if (folder === '/gone') throw new Error('gone');
    return folder.length;
  };
  const found = await new Spools('/proc', { tasksIn }).read(
    server('/a', '/gone', '/a', null, '/bc'),
    MASTER,
    1,
  );
  expect(looks).toEqual(['/a', '/gone', '/bc'].map((folder) => `/proc/${MASTER} ${folder}`));
  expect(found).toEqual(
    new Map([
      ['/a', 2],
      ['/bc', 3],
    ]),
  );
});

it('folders are read once in five seconds, and at once for another server', async () => {
  let tasks = 1;
  const spools = new Spools('/nowhere', { tasksIn: async () => tasks++ });
  const at = async (clock: number, master = MASTER) =>
    (await spools.read(server('/spool'), master, clock)).get('/spool');
  expect([await at(10), await at(14), await at(15), await at(16)]).toEqual([1, 1, 2, 2]);
  expect([await at(17, MASTER + 1), await at(18, MASTER + 1)]).toEqual([3, 3]);
});

it('nothing is read if there is no spooler', async () => {
  const tasksIn = () => expect.fail('a folder was read');
  expect(await new Spools('/nowhere', { tasksIn }).read(app([]), MASTER, 1)).toEqual(new Map());
});

/** Reads that the test ends with a result. */
function slow(options: SpoolsOptions = {}) {
  const looks: ((tasks: number) => void)[] = [];
  const tasksIn = () => new Promise<number>((resolve) => looks.push(resolve));
  const spools = new Spools('/nowhere', { ...options, tasksIn });
  const at = async (clock: number, master = MASTER) =>
    (await spools.read(server('/spool'), master, clock)).get('/spool');
  return { looks, at };
}

it('a slow read is not waited for, and no other one begins', async () => {
  const { looks, at } = slow();
  expect(await at(10)).toBeUndefined();
  expect(await at(20)).toBeUndefined();
  expect(looks).toHaveLength(1);
  looks[0]?.(7);
  await expect.poll(() => at(20)).toBe(7);
});

it('the wait for a slow read can be extended', async () => {
  const { looks, at } = slow({ limitMs: 60_000 });
  const found = at(10);
  // Longer than the default limit.
  setTimeout(() => looks[0]?.(7), 300);
  expect(await found).toBe(7);
});

it('the number becomes unknown if the reads hang', async () => {
  const { looks, at } = slow();
  const first = at(10);
  looks[0]?.(7);
  expect(await first).toBe(7);
  expect(await at(15)).toBe(7);
  expect(looks).toHaveLength(2);
  expect(await at(24)).toBe(7);
  expect(await at(25)).toBeUndefined();
});

it('the result for another server is discarded', async () => {
  const { looks, at } = slow();
  expect(await at(10)).toBeUndefined();
  expect(await at(11, MASTER + 1)).toBeUndefined();
  expect(looks).toHaveLength(2);
  looks[0]?.(7);
  expect(await at(17, MASTER + 1)).toBeUndefined();
  expect(looks).toHaveLength(2);
  looks[1]?.(8);
  await expect.poll(() => at(17, MASTER + 1)).toBe(8);
});
