import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findTracebacker, type Tracebacker } from '../../src/host/tracebacker.ts';
import { worker } from '../rates/builders.ts';

export const MASTER = 40;
export const WORKER = 41;
export const UID = process.geteuid?.() ?? 0;

/** A line of `/proc/net/unix`; by default of a listener. */
export const line = (inode: number, path: string, flags = '00010000', type = '0001', state = '01') =>
  `0000000000000000: 00000002 00000000 ${flags} ${type} ${state} ${inode} ${path}`;

export interface FakeProcOptions {
  /** Lines of the worker's `/proc/net/unix`. */
  unix: readonly string[];
  worker: readonly number[];
  master: readonly number[];
  name: string;
  exe: string;
  parent: number;
  uid: number;
  /** Its pids, from our namespace to its own. */
  pids: readonly number[];
  /** Seconds after the boot, which is at 1000. */
  started: number;
  /** Network namespaces of the worker and of this process. */
  networks: [string, string];
}

export interface FakeProc {
  proc: string;
  /** The worker's root folder and working directory. */
  root: string;
  cwd: string;
  open: (id?: number, master?: number | null) => Promise<Tracebacker | null>;
  /** The name of the tracebacker that is found. */
  find: (id?: number, master?: number | null) => Promise<string | null>;
  /** The name, and the file to which its address leads. */
  reach: (id?: number, master?: number | null) => Promise<{ name: string; file: string } | null>;
}

/** A `/proc` with a uWSGI whose worker 1 has a tracebacker at /run/app.tb1, except for the given properties. */
export async function fakeProc(
  given: Partial<FakeProcOptions> = {},
  sockets = ['run/app.tb1'],
): Promise<FakeProc> {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-proc-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [proc, root] = [join(folder, 'proc'), join(folder, 'root')];
  const cwd = join(root, 'srv');
  mkdirSync(cwd, { recursive: true });
  for (const socket of sockets) await listen(join(root, socket));
  const all: FakeProcOptions = {
    unix: [line(900, '/run/app.sock'), line(901, '/run/app.tb1')],
    worker: [900, 901],
    master: [900],
    name: 'uwsgi',
    exe: '/usr/bin/uwsgi-core',
    parent: MASTER,
    uid: UID,
    pids: [WORKER],
    started: 60,
    networks: ['net:[1]', 'net:[1]'],
    ...given,
  };
  const network = ['Num RefCount Protocol Flags Type St Inode Path', ...all.unix, ''].join('\n');
  for (const [pid, inodes] of [
    [WORKER, all.worker],
    [MASTER, all.master],
  ] as const) {
    const own = join(proc, String(pid));
    mkdirSync(join(own, 'net'), { recursive: true });
    mkdirSync(join(own, 'ns'));
    mkdirSync(join(own, 'fd'));
    writeFileSync(join(own, 'net', 'unix'), network);
    const uids = [7, 8, 9, all.uid].join('\t');
    writeFileSync(
      join(own, 'status'),
      `Name:\t${all.name}\nPPid:\t${all.parent}\nUid:\t${uids}\nGid:\t0 0 0 0\nGroups:\t\nNSpid:\t${all.pids.join('\t')}\n`,
    );
    const fields = [pid, '(uwsgi)', 'S', all.parent, ...Array(15).fill(1), 1, 0, all.started * 100, 1, 1];
    writeFileSync(join(own, 'stat'), fields.join(' '));
    writeFileSync(join(own, 'mountinfo'), '1 1 8:1 / / rw - ext4 /dev/root rw\n');
    symlinkSync(all.exe, join(own, 'exe'));
    symlinkSync(root, join(own, 'root'));
    symlinkSync(cwd, join(own, 'cwd'));
    symlinkSync(all.networks[0], join(own, 'ns', 'net'));
    symlinkSync('/dev/null', join(own, 'fd', '0'));
    for (const inode of inodes) symlinkSync(`socket:[${inode}]`, join(own, 'fd', String(inode)));
  }
  mkdirSync(join(proc, 'self', 'ns'), { recursive: true });
  symlinkSync(all.networks[1], join(proc, 'self', 'ns', 'net'));
  writeFileSync(join(proc, 'stat'), 'cpu0 4 4 4\nbtime 1000\n');
  const open: FakeProc['open'] = (id = 1, master = MASTER) =>
    findTracebacker(worker({ id, pid: WORKER, lastSpawn: 1060 }), master, proc);
  const reach: FakeProc['reach'] = async (...args) => {
    const found = await open(...args);
    if (found === null) return null;
    const file = found.address.startsWith('@') ? found.address : realpathSync(found.address);
    await found.close();
    return { name: found.name, file };
  };
  const find: FakeProc['find'] = async (...args) => (await reach(...args))?.name ?? null;
  return { proc, root, cwd, find, reach, open };
}

/** Listens at the path until the test ends. */
export async function listen(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => server.listen(path, listening));
}
