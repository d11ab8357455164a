import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findTracebacker } from '../../src/host/tracebacker.ts';

export const MASTER = 40;
export const WORKER = 41;
export const UID = process.geteuid?.() ?? 0;

/** A line of `/proc/net/unix`: what listens, unless said otherwise. */
export const line = (inode: number, path: string, flags = '00010000', type = '0001', state = '01') =>
  `0000000000000000: 00000002 00000000 ${flags} ${type} ${state} ${inode} ${path}`;

export interface Machine {
  /** Lines of the worker's `/proc/net/unix`. */
  unix: readonly string[];
  worker: readonly number[];
  master: readonly number[];
  name: string;
  exe: string;
  commandLine: string;
  parent: number;
  uid: number;
  /** Network namespaces of the worker and of us. */
  networks: [string, string];
}

export interface Made {
  proc: string;
  /** The worker's root folder, and the folder in which it works. */
  root: string;
  cwd: string;
  find: (id?: number, master?: number | null) => Promise<string | null>;
}

/** A `/proc` with a uWSGI whose worker 1 has a tracebacker at /run/app.tb1, but for what is given. */
export async function machine(given: Partial<Machine> = {}, sockets = ['run/app.tb1']): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-proc-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [proc, root] = [join(folder, 'proc'), join(folder, 'root')];
  const cwd = join(root, 'srv');
  mkdirSync(cwd, { recursive: true });
  for (const socket of sockets) await listen(join(root, socket));
  const all: Machine = {
    unix: [line(900, '/run/app.sock'), line(901, '/run/app.tb1')],
    worker: [900, 901],
    master: [900],
    name: 'uwsgi',
    exe: '/usr/bin/uwsgi-core',
    commandLine: 'uwsgi\0--ini\0app.ini\0',
    parent: MASTER,
    uid: UID,
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
    writeFileSync(join(own, 'cmdline'), all.commandLine);
    const uids = [7, 8, 9, all.uid].join('\t');
    writeFileSync(join(own, 'status'), `Name:\t${all.name}\nPPid:\t${all.parent}\nUid:\t${uids}\n`);
    symlinkSync(all.exe, join(own, 'exe'));
    symlinkSync(root, join(own, 'root'));
    symlinkSync(cwd, join(own, 'cwd'));
    symlinkSync(all.networks[0], join(own, 'ns', 'net'));
    symlinkSync('/dev/null', join(own, 'fd', '0'));
    for (const inode of inodes) symlinkSync(`socket:[${inode}]`, join(own, 'fd', String(inode)));
  }
  mkdirSync(join(proc, 'self', 'ns'), { recursive: true });
  symlinkSync(all.networks[1], join(proc, 'self', 'ns', 'net'));
  const find: Made['find'] = (id = 1, master = MASTER) => findTracebacker({ id, pid: WORKER }, master, proc);
  return { proc, root, cwd, find };
}

/** Something listens there for as long as the test runs. */
export async function listen(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => server.listen(path, listening));
}
