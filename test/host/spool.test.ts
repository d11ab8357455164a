import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Spools } from '../../src/host/spool.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { spooler } from '../insights/cases.ts';
import { app } from '../rates/builders.ts';

const MASTER = 40;

/** A machine on which the master sees the folders below `root`. */
function machine() {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-spool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [proc, root] = [join(folder, 'proc'), join(folder, 'root')];
  mkdirSync(join(proc, String(MASTER)), { recursive: true });
  mkdirSync(join(root, 'work'), { recursive: true });
  symlinkSync(root, join(proc, String(MASTER), 'root'));
  symlinkSync(join(root, 'work'), join(proc, String(MASTER), 'cwd'));
  return {
    proc,
    path: (name: string) => join(root, name),
    put(name: string, tasks: number, others: readonly string[] = []): void {
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
  const { proc, put } = machine();
  put('spool', 7, ['README', '.uwsgi_spoolfile_on_host', '12', 'uwsgi_spoolfile']);
  expect(await new Spools(proc).read(server('/spool'), MASTER, 1)).toEqual(new Map([['/spool', 7]]));
});

it('counts those in the folders of priorities', async () => {
  const { proc, put } = machine();
  put('spool', 2);
  put('spool/1', 3);
  put('spool/20', 4);
  put('spool/old', 5);
  expect(await new Spools(proc).read(server('/spool'), MASTER, 1)).toEqual(new Map([['/spool', 9]]));
});

it('looks where the server does, at each folder once', async () => {
  const { proc, put } = machine();
  put('work/mails', 3);
  put('empty', 0);
  expect(await new Spools(proc).read(server('mails', '/empty', 'mails', null), MASTER, 1)).toEqual(
    new Map([
      ['mails', 3],
      ['/empty', 0],
    ]),
  );
});

it('does not know folders that are not there, and still knows the others', async () => {
  const { proc, put } = machine();
  put('spool', 1);
  const found = await new Spools(proc).read(server('/gone', '/spool'), MASTER, 1);
  expect(found).toEqual(new Map([['/spool', 1]]));
  expect(await new Spools(proc).read(server('/spool'), MASTER + 1, 1)).toEqual(new Map());
});

it('does not know a folder of which a part cannot be read', async () => {
  const { proc, put, path } = machine();
  put('spool', 1);
  // A link to itself: nobody is allowed to read that, not even root.
  symlinkSync('1', path('spool/1'));
  expect(await new Spools(proc).read(server('/spool'), MASTER, 1)).toEqual(new Map());
});

it('looks once in five seconds, and anew at another server', async () => {
  const { proc, put } = machine();
  const spools = new Spools(proc);
  const at = async (clock: number, master = MASTER) =>
    (await spools.read(server('/spool'), master, clock)).get('/spool');
  put('spool', 1);
  expect(await at(10)).toBe(1);
  put('spool', 2);
  expect(await at(14)).toBe(1);
  expect(await at(15)).toBe(2);
  put('spool', 3);
  expect(await at(16)).toBe(2);
  expect(await at(17, MASTER + 1)).toBeUndefined();
  expect(await at(18)).toBe(3);
});

it('counts up to ten thousand', async () => {
  const { proc, put } = machine();
  put('spool', 10_001);
  const spools = new Spools(proc);
  // A machine that is busy may take longer than a reading waits.
  await expect
    .poll(() => spools.read(server('/spool'), MASTER, 1), { timeout: 10_000 })
    .toEqual(new Map([['/spool', 10_000]]));
});

it('gives up where there is too much else', async () => {
  const { proc, put } = machine();
  put('spool', 2, ['a', 'b', 'c']);
  expect(await new Spools(proc, { mostNames: 6 }).read(server('/spool'), MASTER, 1)).toEqual(
    new Map([['/spool', 2]]),
  );
  expect(await new Spools(proc, { mostNames: 5 }).read(server('/spool'), MASTER, 1)).toEqual(new Map());
});

it('costs nothing where there is no spooler', async () => {
  expect(await new Spools('/nowhere').read(app([]), MASTER, 1)).toEqual(new Map());
});

it('looks no further when it has the most that it counts', async () => {
  const { proc, put, path } = machine();
  // Links to themselves, one before and one after the tasks: whoever looks there does not know the folder.
  put('spool', 0);
  symlinkSync('1', path('spool/1'));
  put('spool', 10_001);
  symlinkSync('2', path('spool/2'));
  const spools = new Spools(proc);
  await expect
    .poll(() => spools.read(server('/spool'), MASTER, 1), { timeout: 10_000 })
    .toEqual(new Map([['/spool', 10_000]]));
});

/** Looks that end when they are told to, by what they find. */
function slow() {
  const looks: ((tasks: number) => void)[] = [];
  const tasksIn = () => new Promise<number>((resolve) => looks.push(resolve));
  const spools = new Spools('/nowhere', { tasksIn });
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
