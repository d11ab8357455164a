import { readdirSync, readlinkSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { inSlices } from './now.ts';

/** What `/proc/PID` says of a process (proc_pid_status(5)). */
export interface ProcessStatus {
  /** The command, up to 15 bytes. */
  name: string;
  parent: number;
  /** The user as whom it makes files. */
  fsUid: number;
  /** Its pid as it sees itself, in the innermost PID namespace; `null` before Linux 4.1. */
  innerPid: number | null;
}

/** @throws Error when there is no such process, or its status is none */
export async function statusOf(folder: string): Promise<ProcessStatus> {
  const text = await readFile(`${folder}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:[\\t ]*(.*)$`, 'm').exec(text)?.[1] ?? '';
  // Real, effective, saved, file system.
  const fsUid = field('Uid').split(/\s+/)[3];
  const innerPid = field('NSpid').split(/\s+/).at(-1) || undefined;
  return {
    name: field('Name'),
    parent: integer(field('PPid')),
    fsUid: integer(fsUid),
    innerPid: innerPid === undefined ? null : integer(innerPid),
  };
}

/** A uWSGI: its binary has many names, and it can be a library of Python's, so its command line may be what tells. */
export async function isUwsgi(folder: string, { name }: ProcessStatus): Promise<boolean> {
  const exe = await readlink(`${folder}/exe`).catch(() => '');
  const commandLine = await readFile(`${folder}/cmdline`, 'utf8').catch(() => '');
  return [name, exe, commandLine].some((text) => /uwsgi/i.test(text));
}

function integer(digits = ''): number {
  if (!/^\d+$/.test(digits)) throw new Error(`not a number: ${digits}`);
  return Number(digits);
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

/**
 * Inodes of the sockets that a process has open. A master has two for each worker, and a few µs each are less than it
 * costs to give them to another thread.
 *
 * @throws Error without the permission to look (ptrace(2))
 */
export async function socketInodes(folder: string): Promise<Set<string>> {
  const inodes = new Set<string>();
  await inSlices(readdirSync(`${folder}/fd`), (name) => {
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
