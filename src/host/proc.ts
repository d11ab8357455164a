import { readdir, readFile, readlink } from 'node:fs/promises';

/** What `/proc/PID` says of a process (proc_pid_status(5)). */
export interface ProcessStatus {
  /** The command, up to 15 bytes. */
  name: string;
  parent: number;
  /** The user as whom it makes files. */
  fsUid: number;
}

/** @throws Error when there is no such process, or its status is none */
export async function statusOf(folder: string): Promise<ProcessStatus> {
  const text = await readFile(`${folder}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:[\\t ]*(.*)$`, 'm').exec(text)?.[1] ?? '';
  // Real, effective, saved, file system.
  const fsUid = field('Uid').split(/\s+/)[3];
  return { name: field('Name'), parent: integer(field('PPid')), fsUid: integer(fsUid) };
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

/** Inodes of the sockets that a process has open. @throws Error without the permission to look (ptrace(2)) */
export async function socketInodes(folder: string): Promise<Set<string>> {
  const names = await readdir(`${folder}/fd`);
  // One may be closed while the others are looked at.
  const links = await Promise.all(names.map((name) => readlink(`${folder}/fd/${name}`).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
