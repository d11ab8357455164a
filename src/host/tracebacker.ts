import type { Worker } from '../stats/snapshot.ts';
import { machineOf } from './machine.ts';
import { absolute, openNamed, pathOf } from './named.ts';
import {
  hasOurPids,
  isInOurNetwork,
  socketInodes,
  statusOf,
  type UnixListener,
  unixListeners,
} from './proc.ts';
import { isWorkerOf } from './proof.ts';
import { statOf } from './stat.ts';

/** A socket to connect to. */
export interface Tracebacker {
  /** As the worker bound it: a path, or `@name`. */
  name: string;
  /** `@name`, or a path that leads to the socket that was proved, whatever happens to its name. */
  address: string;
  /** After which the address is no longer good. */
  close(): Promise<void>;
}

/**
 * The tracebacker of a worker (uWSGI's `py-tracebacker`), found in what Linux knows of the process. It is proved, or it
 * is `null`:
 * - the process is the worker of the document: a child of that master, started when the document says, and its pid is
 *   the same number for itself as for us;
 * - the socket listens, its name ends with the worker's number, and it is one of the worker's own: bound after the
 *   fork, so that the master does not have it as it has those that workers inherit;
 * - there is one such socket, and no other process listens under the same name;
 * - the name leads to a socket that the worker's user made, by a way that this user may go (`named`).
 *
 * What remains: an application that binds, in the worker, a socket of its own with such a name. Its answer has not the
 * title of a tracebacker, which `readStacks` tells. And the worker's user can put another socket of its own in the place
 * of the file before it is opened here. It is sent nothing, either.
 *
 * Needs what a debugger needs (ptrace(2)): to be root, or the user who started the server. A server that was started
 * as root and gave that up (`uid = ...`) shows its sockets to root alone.
 *
 * @param masterPid as the stats document has it; without it nothing is proved
 */
export async function findTracebacker(
  worker: Worker,
  masterPid: number | null,
  proc = '/proc',
): Promise<Tracebacker | null> {
  const folder = `${proc}/${worker.pid}`;
  try {
    const seen = statOf(folder);
    const { bootTime } = await machineOf(proc);
    if (masterPid === null || worker.pid === null || seen === null) return null;
    if (!isWorkerOf(masterPid, seen, worker, bootTime)) return null;
    if (!hasOurPids(await statusOf(folder), worker.pid)) return null;
    const listener = await ownListener(worker.id, folder, `${proc}/${masterPid}`);
    if (listener === null) return null;
    return listener.path.startsWith('@')
      ? await abstractSocket(listener.path, folder, proc)
      : await boundSocket(listener.path, folder);
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
  if (own === null || inherited === null) return null;
  const [found, ...others] = named.filter(({ inode }) => own.has(inode) && !inherited.has(inode));
  if (!found || others.length > 0) return null;
  // Two servers with one prefix: the file leads to the one that was started last.
  return listeners.filter(({ path }) => path === found.path).length === 1 ? found : null;
}

/** Abstract names are of one network namespace. */
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
  return { name, address: pathOf(file), close: () => file.close() };
}
