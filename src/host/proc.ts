import { readlinkSync } from 'node:fs';
import { opendir, readFile, readlink } from 'node:fs/promises';
import { inSlices } from './now.ts';

/** What `/proc/PID` says of a process (proc_pid_status(5)). */
export interface ProcessStatus {
  /** The command, up to 15 bytes. */
  name: string;
  parent: number;
  /** The user as whom it opens and makes files, and its groups. */
  fsUid: number;
  groups: ReadonlySet<number>;
  /**
   * Its pid in each PID namespace it is a member of, from ours to its own. More than one: it runs in a container, and the
   * numbers in what it writes are not pids here.
   */
  pids: readonly number[];
}

/** @throws Error when there is no such process, or its status is none */
export async function statusOf(folder: string): Promise<ProcessStatus> {
  const text = await readFile(`${folder}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:[\\t ]*(.*)$`, 'm').exec(text)?.[1] ?? '';
  const numbers = (name: string) => field(name).split(/\s+/).filter(Boolean).map(integer);
  return {
    name: field('Name'),
    parent: integer(field('PPid')),
    // Real, effective, saved, file system.
    fsUid: required(numbers('Uid')[3]),
    groups: new Set([required(numbers('Gid')[3]), ...numbers('Groups')]),
    pids: numbers('NSpid'),
  };
}

/** Whether the pid of a process is the same number for itself as for us. */
export function hasOurPids({ pids }: ProcessStatus, pid: number): boolean {
  return pids.length === 1 && pids[0] === pid;
}

/**
 * A uWSGI, by the name of the process or of its binary. Its command line is not read: it is memory of the process, and
 * its owner can make a reader hang.
 */
export async function isUwsgi(folder: string, { name }: ProcessStatus): Promise<boolean> {
  const exe = await readlink(`${folder}/exe`).catch(() => '');
  return [name, exe].some((text) => /uwsgi/i.test(text));
}

function required(value: number | undefined): number {
  if (value === undefined) throw new Error('a number is missing');
  return value;
}

function integer(digits: string): number {
  if (!/^\d+$/.test(digits)) throw new Error(`not a number: ${digits}`);
  return Number(digits);
}

/** Whether a process has the network namespace that we have. @throws Error without permission */
export async function isInOurNetwork(folder: string, proc: string): Promise<boolean> {
  return (await readlink(`${folder}/ns/net`)) === (await readlink(`${proc}/self/ns/net`));
}

/** A unix socket that takes connections (proc_net(5)). */
export interface UnixListener {
  /** Of the socket itself, not of the file that it is bound to. */
  inode: string;
  /** As it was bound: may be relative. Of an abstract one, `@` and the name, with an `@` for each NUL. */
  path: string;
}

/** SO_ACCEPTCON: it listens. A connection that it accepted has the same path, but not this flag. */
const LISTENS = 0x10000;
const STREAM = 1;

/** Num, RefCount, Protocol, Flags, Type, St, Inode, Path. */
const UNIX_LINE = /^\w+: \w+ \w+ (\w+) (\w+) \w+ +(\d+) (.+)$/;

/** Stream sockets that listen, of the network namespace of that process. @throws Error when it cannot be read */
export async function unixListeners(folder: string): Promise<UnixListener[]> {
  const text = await readFile(`${folder}/net/unix`, 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, flags = '', type = '', inode = '', path = ''] = UNIX_LINE.exec(line) ?? [];
    const listens = (Number.parseInt(flags, 16) & LISTENS) !== 0 && Number.parseInt(type, 16) === STREAM;
    return listens ? [{ inode, path }] : [];
  });
}

/** Of a master: it has two sockets for each worker. */
const MOST_FILES = 20_000;

/**
 * Inodes of the sockets that a process has open. A few µs each are less than it costs to give them to another thread.
 *
 * @returns `null` without the permission to look (ptrace(2)), or when there is no such process
 * @throws Error when it has too many files open
 */
export async function socketInodes(folder: string): Promise<Set<string> | null> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(`${folder}/fd`)) {
      names.push(name);
      if (names.length > MOST_FILES) break;
    }
  } catch {
    return null;
  }
  if (names.length > MOST_FILES) throw new Error(`more than ${MOST_FILES} open files`);
  const inodes = new Set<string>();
  await inSlices(names, (name) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/fd/${name}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  });
  return inodes;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // It was closed while the others were looked at.
    return '';
  }
}
