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

/** A fake `/proc` in which the master, a process of this user, sees the folders below `root`. */
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

it('counts the files of tasks, and nothing else', async () => {
  const { count, fill } = fakeSpools();
  fill('spool', 7, ['README', '.uwsgi_spoolfile_on_host', '12', 'uwsgi_spoolfile']);
  fill('empty', 0);
  expect([await count('/spool'), await count('/empty')]).toEqual([7, 0]);
});

it('counts those in the folders of priorities', async () => {
  const { count, fill } = fakeSpools();
  fill('spool', 2);
  fill('spool/1', 3);
  fill('spool/20', 4);
  fill('spool/old', 5);
  expect(await count('/spool')).toBe(9);
});

it('does not know folders that are not there, or have a relative path, which uWSGI never writes', async () => {
  const { count, fill } = fakeSpools();
  fill('spool', 1);
  await expect(count('/gone')).rejects.toThrow('ENOENT');
  await expect(count('spool')).rejects.toThrow('absolute');
});

it('does not know a folder of which a part cannot be read', async () => {
  const { count, fill, path } = fakeSpools();
  fill('spool', 1);
  symlinkSync('1', path('spool/1'));
  await expect(count('/spool')).rejects.toThrow('too many symbolic links');
});

it('gives up where there is too much else', async () => {
  const { count, fill } = fakeSpools();
  fill('spool', 2, ['a', 'b', 'c']);
  expect([await count('/spool', 6), await count('/spool', 5)]).toEqual([2, null]);
});

it('counts up to ten thousand, and looks no further then', async () => {
  const { count, fill, path } = fakeSpools();
  fill('spool', 10_001);
  // A link to itself: a look there would fail.
  symlinkSync('1', path('spool/1'));
  expect(await count('/spool')).toBe(10_000);
});

it('looks at each folder once, and still knows the others if one cannot be read', async () => {
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

it('looks once in five seconds, and anew at another server', async () => {
  let tasks = 1;
  const spools = new Spools('/nowhere', { tasksIn: async () => tasks++ });
  const at = async (clock: number, master = MASTER) =>
    (await spools.read(server('/spool'), master, clock)).get('/spool');
  expect([await at(10), await at(14), await at(15), await at(16)]).toEqual([1, 1, 2, 2]);
  expect([await at(17, MASTER + 1), await at(18, MASTER + 1)]).toEqual([3, 3]);
});

it('costs nothing where there is no spooler', async () => {
  const tasksIn = () => expect.fail('it looks');
  expect(await new Spools('/nowhere', { tasksIn }).read(app([]), MASTER, 1)).toEqual(new Map());
});

/** Looks that end when they are told to, by what they find. */
function slow(options: SpoolsOptions = {}) {
  const looks: ((tasks: number) => void)[] = [];
  const tasksIn = () => new Promise<number>((resolve) => looks.push(resolve));
  const spools = new Spools('/nowhere', { ...options, tasksIn });
  const at = async (clock: number, master = MASTER) =>
    (await spools.read(server('/spool'), master, clock)).get('/spool');
  return { looks, at };
}

it('does not wait for a slow look, and begins no other meanwhile', async () => {
  const { looks, at } = slow();
  expect(await at(10)).toBeUndefined();
  expect(await at(20)).toBeUndefined();
  expect(looks).toHaveLength(1);
  looks[0]?.(7);
  await expect.poll(() => at(20)).toBe(7);
});

it('waits for as long as it is told to', async () => {
  const { looks, at } = slow({ limitMs: 60_000 });
  const found = at(10);
  // Longer than it waits otherwise.
  setTimeout(() => looks[0]?.(7), 300);
  expect(await found).toBe(7);
});

it('knows nothing any more when the looks hang', async () => {
  const { looks, at } = slow();
  const first = at(10);
  looks[0]?.(7);
  expect(await first).toBe(7);
  expect(await at(15)).toBe(7);
  expect(looks).toHaveLength(2);
  expect(await at(24)).toBe(7);
  expect(await at(25)).toBeUndefined();
});

it('does not take what was found of another server for that of this one', async () => {
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
