import type { Worker } from '../stats/snapshot.ts';
import { absolute, descriptorPath, openNamed } from './named.ts';
import {
  hasOurPids,
  isInOurNetwork,
  socketInodes,
  statusOf,
  type UnixListener,
  unixListeners,
} from './proc.ts';
import { isWorkerOf } from './proof.ts';
import { readHostProperties } from './resources.ts';
import { statOf } from './stat.ts';

/** The socket of a tracebacker, ready to connect to. */
export interface Tracebacker {
  /** The name as the worker bound it: a path, or `@name`. */
  name: string;
  /** `@name`, or a path that always leads to the proved socket, even if its file is renamed or replaced. */
  address: string;
  /** Invalidates the address. */
  close(): Promise<void>;
}

/**
 * Finds the tracebacker of a worker (uWSGI's `py-tracebacker`) in what Linux reports about the process. The result is
 * `null` unless all of this is proved:
 * - The process is the worker of the document: a child of that master, started at the time in the document.
 * - The process has the same pid in its own PID namespace as in ours.
 * - The socket listens, its name ends with the worker's number, and the worker bound it after the fork. The master does
 *   not have such a socket, but has those that workers inherit.
 * - There is exactly one such socket, and no other process listens under the same name.
 * - The name leads to a socket that the worker's user created, by a path that this user may use (`named`).
 *
 * Two cases remain possible. First, an application can bind its own socket with such a name in the worker. Its output
 * lacks the title of a tracebacker, which `readStacks` detects. Second, the worker's user can replace the file with
 * another socket of its own before it is opened here. statstop sends no data to the socket in either case.
 *
 * Needs the permission of a debugger (ptrace(2)): root, or the user who started the server. If a server was started as
 * root and dropped its privileges (`uid = ...`), only root can see its sockets.
 *
 * @param masterPid the document's pid of the master; without it the result is `null`
 */
export async function findTracebacker(
  worker: Worker,
  masterPid: number | null,
  proc = '/proc',
): Promise<Tracebacker | null> {
  const folder = `${proc}/${worker.pid}`;
  try {
    const seen = statOf(folder);
    const { bootTime } = await readHostProperties(proc);
    if (masterPid === null || worker.pid === null || seen === null) return null;
    if (!isWorkerOf(masterPid, seen, worker, bootTime)) return null;
    if (!hasOurPids(await statusOf(folder), worker.pid)) return null;
    const listener = await ownListener(worker.id, folder, `${proc}/${masterPid}`);
    if (listener === null) return null;
    return listener.path.startsWith('@')
      ? await abstractSocket(listener.path, folder, proc)
      : await boundSocket(listener.path, folder);
  } catch {
    // No permission, the process has ended, or the system is not Linux.
    return null;
  }
}

async function ownListener(id: number, folder: string, masterFolder: string): Promise<UnixListener | null> {
  const listeners = await unixListeners(folder);
  // uWSGI binds an abstract name with a trailing NUL, except with `abstract-socket`.
  const named = listeners.filter(({ path }) => new RegExp(`${id}$|^@.*${id}@$`, 's').test(path));
  if (named.length === 0) return null;
  const own = await socketInodes(folder);
  const inherited = await socketInodes(masterFolder);
  if (own === null || inherited === null) return null;
  const [found, ...others] = named.filter(({ inode }) => own.has(inode) && !inherited.has(inode));
  if (!found || others.length > 0) return null;
  // Two servers may use the same prefix. The file then leads to the server that was started last.
  return listeners.filter(({ path }) => path === found.path).length === 1 ? found : null;
}

/** An abstract name is valid only in its network namespace. */
async function abstractSocket(path: string, folder: string, proc: string): Promise<Tracebacker | null> {
  if (!(await isInOurNetwork(folder, proc))) return null;
  const name = path.replace(/@$/, '');
  return { name, address: name, close: async () => {} };
}

async function boundSocket(path: string, folder: string): Promise<Tracebacker | null> {
  const name = await absolute(folder, path);
  const file = await openNamed(folder, name, 'socket');
  const [{ uid }, { fsUid }] = await Promise.all([file.stat(), statusOf(folder)]);
  if (uid !== fsUid) {
    await file.close();
    return null;
  }
  return { name, address: descriptorPath(file), close: () => file.close() };
}
