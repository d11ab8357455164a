import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AppSnapshot, Socket } from '../../src/stats/snapshot.ts';
import { app, NOW, worker } from '../rates/builders.ts';
import { line, listen } from './fake-proc.ts';

export const MASTER = 100;
export const WORKERS = [101, 102] as const;

/** Unix seconds of the boot of the fake host. The server started 3600 s before now. */
export const BOOT = NOW - 10_000;
const STARTED_TICKS = 640_000;

/** Lines of the status file of a process of our user. */
export const OWNER = `Uid:\t7\t7\t7\t${process.geteuid?.()}\nGid:\t7\t7\t7\t7\nGroups:\t8 9`;

/** A process in a fake `/proc`. */
export interface Process {
  /** The name without the parentheses around it in `stat`. */
  name: string;
  parent: number;
  state: string;
  user: number;
  system: number;
  threads: number;
  startTicks: number;
  /** Lines of its status file. */
  status: readonly string[];
  /** Inodes of its sockets; `null` if we may not list them. */
  sockets: readonly number[] | null;
}

export const process_ = (given: Partial<Process> = {}): Process => ({
  name: 'uwsgi',
  parent: MASTER,
  state: 'S',
  user: 150,
  system: 50,
  threads: 1,
  startTicks: STARTED_TICKS,
  status: [
    OWNER,
    `NSpid:\t${MASTER}`,
    'VmRSS:\t   2048 kB',
    'voluntary_ctxt_switches:\t30',
    'nonvoluntary_ctxt_switches:\t4',
  ],
  sockets: [900],
  ...given,
});

/** Writes the files of a process; replaces earlier ones. */
export function put(proc: string, pid: number, given: Partial<Process> = {}): void {
  const made = process_(given);
  const folder = join(proc, String(pid));
  // `listening` writes the socket table of its network namespace, so that one is kept.
  for (const name of ['fd', 'task', 'root', 'ns'])
    rmSync(join(folder, name), { recursive: true, force: true });
  for (const name of ['net', 'task', 'ns']) mkdirSync(join(folder, name), { recursive: true });
  const { name, state, parent, user, system, threads, startTicks } = made;
  const fields = [pid, `(${name})`, state, parent, ...Array(9).fill(1), user, system, 0, 0, 20, 0, threads];
  writeFileSync(join(folder, 'stat'), `${[...fields, 0, startTicks, 61132800, 2603].join(' ')}\n`);
  writeFileSync(
    join(folder, 'status'),
    [`Name:\t${name}`, `PPid:\t${parent}`, ...made.status, ''].join('\n'),
  );
  writeFileSync(join(folder, 'mountinfo'), '1 1 8:1 / / rw - ext4 /dev/root rw\n');
  symlinkSync('/', join(folder, 'root'));
  symlinkSync('net:[1]', join(folder, 'ns', 'net'));
  if (made.sockets === null) return;
  mkdirSync(join(folder, 'fd'));
  symlinkSync('/dev/null', join(folder, 'fd', '0'));
  for (const inode of made.sockets) symlinkSync(`socket:[${inode}]`, join(folder, 'fd', String(inode)));
}

export interface FakeHost {
  /** The folder of all files, and the target, which is a unix socket. */
  folder: string;
  proc: string;
  target: string;
  /** A command that replaces `ss`. */
  ss: string;
  snapshot: AppSnapshot;
}

/** Creates a host with a server of two workers, whose stats socket has the inode 900. */
export async function fakeHost(given: Partial<Process> = {}): Promise<FakeHost> {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-host-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [proc, target, ss] = ['proc', 'stats', 'ss'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const name of ['net', 'ns']) mkdirSync(join(proc, 'self', name), { recursive: true });
  symlinkSync('net:[1]', join(proc, 'self', 'ns', 'net'));
  writeFileSync(
    join(proc, 'stat'),
    `cpu  9 9 9\ncpu0 4 4 4\ncpu1 5 5 5\nintr 33 0 9\nctxt 5\nbtime ${BOOT}\nprocesses 9\n`,
  );
  writeFileSync(
    join(proc, 'meminfo'),
    'MemTotal:        8000 kB\nMemFree:          100 kB\nMemAvailable:    6000 kB\n',
  );
  writeFileSync(join(proc, 'loadavg'), '1.25 0.50 0.25 1/99 4242\n');
  put(proc, MASTER, { parent: 1, ...given });
  for (const pid of WORKERS) put(proc, pid, { sockets: given.sockets === null ? null : [901] });
  await listen(target);
  listening(proc, MASTER, [line(900, target)]);
  saying(ss, listed(900, target, fileOf(target)));
  const snapshot = app(WORKERS.map((pid) => worker({ pid, lastSpawn: BOOT + STARTED_TICKS / 100 })));
  return { folder, proc, target, ss, snapshot };
}

/** Writes the unix sockets of the network namespace of a process, or of ours (`self`). */
export function listening(proc: string, whose: number | 'self', lines: readonly string[]): void {
  const heading = 'Num RefCount Protocol Flags Type St Inode Path';
  writeFileSync(join(proc, String(whose), 'net', 'unix'), [heading, ...lines, ''].join('\n'));
}

/** The line of `ss` for a listener that is bound to a file. */
export const listed = (inode: number, path: string, file: number) =>
  `u_str LISTEN 0 100 ${path} ${inode} * 0 <-> ino:${file} dev:0/65024 peers:`;

/** The inode of a file as `ss` prints it. */
export const fileOf = (path: string) => statSync(path).ino % 2 ** 32;

/** Writes a command that prints this output and appends a line to `COMMAND.runs` at each run. */
export function saying(command: string, output: string, status = 0): void {
  const script = `#!/bin/sh\necho >>${command}.runs\ncat <<'END'\n${output}\nEND\nexit ${status}\n`;
  writeFileSync(command, script);
  chmodSync(command, 0o755);
}

export const socket = (name: string | null, given: Partial<Socket> = {}): Socket => ({
  name,
  proto: 'uwsgi',
  queue: null,
  maxQueue: null,
  shared: false,
  canOffload: false,
  ...given,
});
