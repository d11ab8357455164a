import { readlinkSync } from 'node:fs';
import { opendir, readFile, readlink } from 'node:fs/promises';
import { inSlices } from './now.ts';

/** The status of a process (proc_pid_status(5)). */
export interface ProcessStatus {
  /** The command name, truncated to 15 bytes. */
  name: string;
  parent: number;
  /** The file system user ID, which the process uses to open and create files, and its group IDs. */
  fsUid: number;
  groups: ReadonlySet<number>;
  /**
   * Its pid in each PID namespace that it belongs to, from ours to its own. More than one means that the process runs
   * in a container, and that the pids it writes are not pids here.
   */
  pids: readonly number[];
}

/** @throws Error if the process does not exist, or if its status is malformed */
export async function statusOf(folder: string): Promise<ProcessStatus> {
  const text = await readFile(`${folder}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:[\\t ]*(.*)$`, 'm').exec(text)?.[1] ?? '';
  const numbers = (name: string) => field(name).split(/\s+/).filter(Boolean).map(integer);
  return {
    name: field('Name'),
    parent: integer(field('PPid')),
    // The columns of Uid: real, effective, saved, file system.
    fsUid: required(numbers('Uid')[3]),
    groups: new Set([required(numbers('Gid')[3]), ...numbers('Groups')]),
    pids: numbers('NSpid'),
  };
}

/** Whether a process has the same pid in its own PID namespace as in ours. */
export function hasOurPids({ pids }: ProcessStatus, pid: number): boolean {
  return pids.length === 1 && pids[0] === pid;
}

/**
 * Whether a process is a uWSGI, by the name of the process or of its binary. The command line is not read: it is in the
 * memory of the process, and its owner can make a reader block.
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

/**
 * Whether a process is in our network namespace.
 *
 * @throws Error without permission
 */
export async function isInOurNetwork(folder: string, proc: string): Promise<boolean> {
  return (await readlink(`${folder}/ns/net`)) === (await readlink(`${proc}/self/ns/net`));
}

/** A unix socket that accepts connections (proc_net(5)). */
export interface UnixListener {
  /** Inode of the socket itself, not of the file that it is bound to. */
  inode: string;
  /** The path as bound, which may be relative. An abstract socket has `@` and its name, with `@` for each NUL. */
  path: string;
}

/** SO_ACCEPTCON: the socket listens. An accepted connection has the same path, but not this flag. */
const LISTENS = 0x10000;
const STREAM = 1;

/** Columns: Num, RefCount, Protocol, Flags, Type, St, Inode, Path. */
const UNIX_LINE = /^\w+: \w+ \w+ (\w+) (\w+) \w+ +(\d+) (.+)$/;

/**
 * Listening stream sockets in the network namespace of a process.
 *
 * @throws Error if the table cannot be read
 */
export async function unixListeners(folder: string): Promise<UnixListener[]> {
  const text = await readFile(`${folder}/net/unix`, 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, flags = '', type = '', inode = '', path = ''] = UNIX_LINE.exec(line) ?? [];
    const listens = (Number.parseInt(flags, 16) & LISTENS) !== 0 && Number.parseInt(type, 16) === STREAM;
    return listens ? [{ inode, path }] : [];
  });
}

/** Maximum number of open files. A master has two sockets for each worker. */
const MOST_FILES = 20_000;

/** Open files of a process that matter here. */
export interface Descriptors {
  /** Inodes of sockets, by descriptor. */
  sockets: ReadonlyMap<number, string>;
  /** Descriptors of event queues (epoll(7)), in ascending order. */
  queues: readonly number[];
}

/**
 * Lists the open files of a process. Each `readlink` takes a few µs, less than a call in the thread pool.
 *
 * @returns `null` without permission (ptrace(2)), or if the process does not exist
 * @throws Error if the process has more than `MOST_FILES` files open
 */
export async function descriptorsOf(folder: string): Promise<Descriptors | null> {
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
  const sockets = new Map<number, string>();
  const queues: number[] = [];
  await inSlices(names, (name) => {
    const link = linkTo(`${folder}/fd/${name}`) ?? '';
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode !== undefined) sockets.set(Number(name), inode);
    else if (link === 'anon_inode:[eventpoll]') queues.push(Number(name));
  });
  return { sockets, queues: queues.sort((a, b) => a - b) };
}

/**
 * Inodes of the sockets that a process has open.
 *
 * @returns `null` without permission (ptrace(2)), or if the process does not exist
 * @throws Error if the process has more than `MOST_FILES` files open
 */
export async function socketInodes(folder: string): Promise<Set<string> | null> {
  const descriptors = await descriptorsOf(folder);
  return descriptors && new Set(descriptors.sockets.values());
}

/** @returns the contents of a link. `null` without permission, or if it does not exist any more */
export function linkTo(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
