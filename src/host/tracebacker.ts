import type { Stats } from 'node:fs';
import { readlink, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { isUwsgi, socketInodes, statusOf, type UnixListener, unixListeners } from './proc.ts';

/**
 * Where the tracebacker of a worker listens (uWSGI's `py-tracebacker`), found in what Linux knows of the process. It is
 * proved, or it is `null`:
 * - the process is a uWSGI, and a child of that master;
 * - the socket listens, its name ends with the worker's number, and it is one of the worker's own: bound after the
 *   fork, so that the master does not have it as it has those that workers inherit;
 * - there is one such socket, and nobody else listens under the same name;
 * - the name leads from here to a socket that the worker's user made.
 *
 * What remains: an application that binds, in the worker, a socket of its own with such a name. Its answer has not the
 * title of a tracebacker, which `readStacks` tells.
 *
 * Needs what a debugger needs (ptrace(2)): to be root, or the user who started the server. A server that was started
 * as root and gave that up (`uid = ...`) shows its sockets to root alone.
 *
 * @param worker of a server on this machine: the pids of another one mean other processes here
 * @param masterPid as the stats document has it; without it nothing is proved
 * @returns a path, or `@name`. Where the server sees other files than we do, a path through `/proc/PID`
 */
export async function findTracebacker(
  worker: { id: number; pid: number },
  masterPid: number | null,
  proc = '/proc',
): Promise<string | null> {
  const folder = `${proc}/${worker.pid}`;
  try {
    const status = await statusOf(folder);
    if (status.parent !== masterPid || !(await isUwsgi(folder, status))) return null;
    const listener = await ownListener(worker.id, folder, `${proc}/${masterPid}`);
    if (listener === null) return null;
    const { path } = listener;
    return path.startsWith('@')
      ? await abstractName(path, folder, proc)
      : await reachablePath(path, folder, status.fsUid);
  } catch {
    // No permission, no such process any more, no Linux.
    return null;
  }
}

async function ownListener(id: number, folder: string, masterFolder: string): Promise<UnixListener | null> {
  const listeners = await unixListeners(folder);
  // uWSGI binds an abstract name with a NUL behind it, but not with `abstract-socket`.
  const named = listeners.filter(({ path }) => new RegExp(`${id}$|^@.*${id}@$`, 's').test(path));
  if (named.length === 0) return null;
  const own = await socketInodes(folder);
  const inherited = await socketInodes(masterFolder);
  const [found, ...others] = named.filter(({ inode }) => own.has(inode) && !inherited.has(inode));
  if (!found || others.length > 0) return null;
  // Two servers with one prefix: the file leads to the one that was started last.
  return listeners.filter(({ path }) => path === found.path).length === 1 ? found : null;
}

/** Abstract names are of one network namespace. */
async function abstractName(path: string, folder: string, proc: string): Promise<string | null> {
  const theirs = await readlink(`${folder}/ns/net`);
  return theirs === (await readlink(`${proc}/self/ns/net`)) ? path.replace(/@$/, '') : null;
}

/** The path as the worker sees it, if that is the same file for us; else the way to the worker's file through its folder. */
async function reachablePath(path: string, folder: string, uid: number): Promise<string | null> {
  const through = isAbsolute(path) ? `${folder}/root${path}` : `${folder}/cwd/${path}`;
  const plain = isAbsolute(path) ? path : join(await readlink(`${folder}/cwd`), path);
  const file = await stat(through);
  if (!file.isSocket() || file.uid !== uid) return null;
  const seen = await stat(plain).catch(() => null);
  return seen !== null && isSame(seen, file) ? plain : through;
}

function isSame(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}
