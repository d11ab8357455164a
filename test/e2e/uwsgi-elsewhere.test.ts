import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { discover } from '../../src/host/discover.ts';
import { openStats } from '../../src/host/open-stats.ts';
import type { Server } from '../../src/host/server.ts';
import { noteOf } from '../../src/outputs/servers.ts';
import { command, NO_SETTINGS, statstop } from '../commands/run.ts';
import { known, ps, watched } from '../host/real.ts';
import { skipping, skipWithout } from '../lab/available.ts';
import { APP_OPTIONS, type Folder, folderOf, found, socketOf, targetsOf } from '../lab/plain.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Servers in other namespaces and of other users. */

const UNSHARE = ['unshare', '--pid', '--mount', '--net', '--fork', '--mount-proc'];

const cannotUnshare =
  skipWithout() ||
  (spawnSync('unshare', [...UNSHARE.slice(1), 'true']).status !== 0 &&
    skipping('servers in other namespaces', 'it needs root and unshare (util-linux)'));

/** Starts a server in its own pid, mount and network namespaces, in a file system that only it sees. */
function contain(folder: Folder, stats: string, ...words: readonly string[]): void {
  const uwsgi = ['exec', 'uwsgi', '--master', ...APP_OPTIONS, '--processes', '2', '--stats', stats, ...words];
  const script = `ip link set lo up; mount -t tmpfs lab /mnt && cp app.py /mnt && cd /mnt && ${uwsgi.join(' ')}`;
  folder.start(...UNSHARE, 'sh', '-c', script);
}

/** Waits for the server with that stats socket, as it has bound it. */
const bound = (name: string) => found(({ sockets }) => sockets.some((each) => each.name === name));

/** Hundredths of the second of a start. The second itself can change with the kernel's boot time. */
function hundredths({ started }: { started: number }): number {
  return Math.round(started * 100) % 100;
}

describe.skipIf(cannotUnshare)('a server in other namespaces', () => {
  it('is found, and read through the root of its process, with CPU, memory and queues', async () => {
    const name = `/mnt/${process.pid}-a.stats`;
    contain(folderOf(), name);
    const server = await bound(name);
    expect(server).toMatchObject({ isElsewhere: true, ownPid: 1, missing: null });
    expect(targetsOf(server)).toEqual([`/proc/${server.pid}/root${name}`]);
    const { snapshot, reading } = await known(watched(targetsOf(server)[0] ?? ''));
    expect([snapshot.server.pid, reading.master.pid]).toEqual([1, 1]);
    expect(hundredths(reading.master)).toBe(hundredths(server));
    expect(Math.abs((reading.master.rss ?? 0) / 1024 - Number(ps(server.pid, 'rss')))).toBeLessThan(4096);
    expect([...reading.processes.keys()]).toEqual([1, 2]);
    for (const { id, pid } of snapshot.workers) expect(reading.processes.get(id)?.pid).toBe(pid);
    expect(reading.queues.get('app.sock')).toEqual({ queue: 0, limit: 100 });
  });

  it('is told from another one with the same pids, also after a respawn', async () => {
    const names = ['b', 'c'].map((each) => `/mnt/${process.pid}-${each}.stats`);
    for (const name of names) contain(folderOf(), name);
    for (const name of names) {
      const server = await bound(name);
      const host = watched(targetsOf(server)[0] ?? '');
      const before = await known(host);
      expect(hundredths(before.reading.master)).toBe(hundredths(server));
      const worker = before.reading.processes.get(1);
      expect(
        spawnSync('nsenter', ['-t', String(server.pid), '-p', '-m', 'kill', '-9', String(worker?.pid)])
          .status,
      ).toBe(0);
      await vi.waitFor(
        async () => {
          const { reading } = await known(host);
          const after = reading.processes.get(1);
          expect(after).toBeDefined();
          expect(after?.pid).not.toBe(worker?.pid);
        },
        { timeout: TIMEOUT_MS, interval: 600 },
      );
    }
  });

  it.each(['127.0.0.1:1717', '@inside'])('with stats at %s has the command to run', async (stats) => {
    const folder = folderOf();
    contain(folder, stats);
    const server = await found(({ sockets, isElsewhere, started }) =>
      Boolean(
        isElsewhere &&
          sockets[0]?.name.startsWith(stats) &&
          started >= statSync(folder.path).birthtimeMs / 1000 - 2,
      ),
    );
    expect(targetsOf(server)).toEqual([null]);
    const note = noteOf(server) ?? '';
    expect(note).toBe(`in another network namespace: nsenter -t ${server.pid} -n statstop ${stats}`);
    if (stats.startsWith('@')) return;
    const [program = '', ...words] = [
      'nsenter',
      '-t',
      String(server.pid),
      '-n',
      ...command(),
      '--once',
      '-i',
      '0',
      stats,
    ];
    const env = { ...process.env, ...NO_SETTINGS };
    expect(spawnSync(program, words, { encoding: 'utf8', env }).stdout).toMatch(/^uWSGI .* pid 1 /);
  });

  it('without permission is listed with the reason', async () => {
    const name = `/mnt/${process.pid}-d.stats`;
    contain(folderOf(), name);
    const server = await bound(name);
    const list = await listedBy(65_533, server.pid);
    expect(list).toMatchObject({ missing: 'permission', isElsewhere: true, sockets: [], ownPid: 1 });
    expect(list?.note).toBe('no permission: sudo statstop servers');
  });
});

/** What `statstop servers --json` run by a user says about a server. */
async function listedBy(uid: number, pid: number): Promise<(Server & { note: string }) | undefined> {
  const { stdout } = await statstop(['servers', '--json'], { uid });
  return JSON.parse(stdout.toString()).servers.find((each: Server) => each.pid === pid);
}

const NOBODY = 65_534;
const AS_NOBODY = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];
const cannotChange =
  spawnSync('setpriv', [...AS_NOBODY.slice(1), process.execPath, '-e', '0']).status !== 0 &&
  skipping('servers of another user', 'it needs root, setpriv (util-linux), and Node.js for every user');

describe.skipIf(skipWithout() || cannotChange)('a server of another user', () => {
  it('is found by root and by its user, and listed without permission for others', async () => {
    const folder = folderOf();
    const pid = folder.start(...AS_NOBODY, 'uwsgi', '--master', ...APP_OPTIONS, '--stats', 'x.stats');
    const target = join(folder.path, 'x.stats');
    const server = await found((each) => each.pid === pid && each.sockets.length > 0);
    expect(targetsOf(server)).toEqual([target]);
    expect(server.user).toEqual({
      id: NOBODY,
      name: execFileSync('id', ['-un', `${NOBODY}`])
        .toString()
        .trim(),
    });
    expect((await listedBy(NOBODY, pid))?.sockets).toMatchObject([{ target }]);
    const other = await listedBy(65_533, pid);
    expect(other).toMatchObject({ kind: 'app', name: 'x', missing: 'permission', sockets: [] });
    expect(other?.note).toBe('no permission: sudo statstop servers');
    const opened = await openStats(server, socketOf(server));
    expect(statSync(opened?.target ?? '').ino).toBe(statSync(target).ino);
    await opened?.close();
  });
});

/** Listens at the path that follows `--stats`, and writes a line for each connection. */
const FAKE = `require('net').createServer(() => console.log('connection')).listen(process.argv[3], () => console.log('listens'))`;

describe.skipIf(skipWithout() || cannotChange)('a program that pretends to be uWSGI', () => {
  /** Starts it with that stats socket, and waits until it is found. */
  async function pretend(folder: Folder, path: string): Promise<Server> {
    symlinkSync(process.execPath, join(folder.path, 'uwsgi'));
    folder.write('fake.cjs', FAKE);
    const pid = folder.start(...AS_NOBODY, join(folder.path, 'uwsgi'), 'fake.cjs', '--stats', path);
    return found((each) => each.pid === pid && each.sockets.length > 0);
  }

  /** A socket of root that no other user may connect to, and the number of connections to it. */
  async function privateSocket(path: string): Promise<() => number> {
    let count = 0;
    const server = createServer(() => {
      count += 1;
    });
    const before = process.umask(0o077);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    process.umask(before);
    onTestFinished(() => void server.close());
    return () => count;
  }

  it('is listed, but not connected to', async () => {
    const folder = folderOf();
    const path = join(folder.path, 'fake.stats');
    expect(targetsOf(await pretend(folder, path))).toEqual([path]);
    await statstop(['servers']);
    expect(folder.log()).toBe('listens\n');
  });

  it('cannot lead root to a socket that its user cannot connect to', async () => {
    const folder = folderOf();
    const path = join(folder.path, 'fake.stats');
    const connections = await privateSocket(join(folder.path, 'root.sock'));
    const before = await pretend(folder, path);
    rmSync(path);
    symlinkSync(join(folder.path, 'root.sock'), path);
    expect(await openStats(before, socketOf(before))).toBeNull();
    const after = (await discover()).find(({ pid }) => pid === before.pid);
    expect(after?.sockets).toMatchObject([{ target: null, why: 'path' }]);
    expect(connections()).toBe(0);
  });

  it('cannot lead root to a socket of another server that it can connect to', async () => {
    const folder = folderOf();
    const path = join(folder.path, 'fake.stats');
    const real = folder.start(
      'uwsgi',
      '--master',
      ...APP_OPTIONS,
      '--stats',
      'x.stats',
      '--chmod-socket=666',
    );
    await found((each) => each.pid === real && each.sockets.length > 0);
    const before = await pretend(folder, path);
    rmSync(path);
    symlinkSync(join(folder.path, 'x.stats'), path);
    expect(await openStats(before, socketOf(before))).toBeNull();
  });

  it('without a name of its socket is not offered', async () => {
    const folder = folderOf();
    symlinkSync(process.execPath, join(folder.path, 'uwsgi'));
    folder.write('fake.cjs', FAKE);
    const words = [join(folder.path, 'uwsgi'), 'fake.cjs', '--x', join(folder.path, 'any')];
    const pid = folder.start(...AS_NOBODY, ...words);
    await vi.waitFor(() => expect(folder.log()).toBe('listens\n'), TIMEOUT_MS);
    expect(await found((each) => each.pid === pid)).toMatchObject({ sockets: [], missing: 'unclear' });
  });
});
