import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { AppSnapshot, Worker } from '../stats/snapshot.ts';
import type { Address, Target } from '../targets/target.ts';
import { isUwsgi, socketInodes, statusOf, unixListeners } from './proc.ts';
import { type ProcessStat, statOf } from './stat.ts';
import { isOurAddress, tcpListeners } from './tcp.ts';

/** How sure it is that the master of a document is the process of that pid here. */
export type Proof =
  /** It has the socket open from which the document came. */
  | 'owner'
  /** Its sockets may not be looked at, but all that can be seen agrees. */
  | 'likeness';

/** Where a document came from, and the pid in it. */
interface Claim {
  target: Target;
  snapshot: AppSnapshot;
  pid: number;
  /** Unix seconds, of this machine. */
  bootTime: number;
  proc: string;
}

/**
 * Whether the master that wrote a document is the process here that has its pid. A pid alone says nothing: it may be of
 * another machine, or of a container, in which pids are numbers of their own, and the same in each copy of it.
 *
 * With the permission to look at its sockets (ptrace(2): root, or the user who started the server), the process is the
 * master if it listens where the document came from: at the file of the target, at its abstract name, or, when the
 * target is an address of this machine, at its port, where nobody else listens at any address.
 *
 * Without it, there must be such a socket in the same network; the process calls itself a uWSGI; its pid is the same
 * for itself (Linux 4.1); and it has a child with the pid and the start of a worker.
 *
 * @returns `null` when it is not proved
 */
export async function prove(claim: Claim): Promise<Proof | null> {
  const address = addressOf(claim.target);
  if (address === null) return null;
  try {
    const own = await socketInodes(`${claim.proc}/${claim.pid}`).catch(() => null);
    if (!(await listens(address, own, claim))) return null;
    if (own !== null) return 'owner';
    return (await isAlike(claim)) ? 'likeness' : null;
  } catch {
    // No such process, no such file, no such host.
    return null;
  }
}

function addressOf(target: Target): Address | null {
  if (target.kind === 'socket') return target.address;
  return target.kind === 'path' ? { family: 'unix', path: target.path } : null;
}

type Inodes = ReadonlySet<string>;

async function listens(address: Address, own: Inodes | null, claim: Claim): Promise<boolean> {
  switch (address.family) {
    case 'unix':
      return own === null ? await isNamed(address.path, claim) : await isBound(address.path, own, claim);
    case 'abstract': {
      const listeners = await unixListeners(`${claim.proc}/self`);
      // uWSGI binds the name with a NUL behind it, but not with `abstract-socket`.
      const named = listeners.filter(({ path }) => [`@${address.name}`, `@${address.name}@`].includes(path));
      return areOwn(
        named.map(({ inode }) => inode),
        own,
      );
    }
    case 'tcp':
      return (await isOurAddress(address.host)) && areOwn(await tcpListeners(address.port, claim.proc), own);
  }
}

function areOwn(inodes: readonly string[], own: Inodes | null): boolean {
  return inodes.length > 0 && inodes.every((inode) => own === null || own.has(inode));
}

/** Whether a socket of its own leads, from where it is, to the file that we read. */
async function isBound(path: string, own: Inodes, { pid, proc }: Claim): Promise<boolean> {
  const folder = `${proc}/${pid}`;
  const read = await stat(path);
  const listeners = await unixListeners(folder);
  const files = listeners.flatMap(({ inode, path }) =>
    own.has(inode) ? [isAbsolute(path) ? `${folder}/root${path}` : `${folder}/cwd/${path}`] : [],
  );
  const seen = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  return seen.some((file) => file !== null && file.dev === read.dev && file.ino === read.ino);
}

/** Whether somebody listens in its network under the path that we read. */
async function isNamed(path: string, { pid, proc, snapshot }: Claim): Promise<boolean> {
  const read = await realpath(path);
  const listeners = await unixListeners(`${proc}/${pid}`);
  return listeners.some(
    ({ path }) => !path.startsWith('@') && resolve(snapshot.server.cwd ?? '/', path) === read,
  );
}

async function isAlike({ pid, proc, snapshot, bootTime }: Claim): Promise<boolean> {
  const status = await statusOf(`${proc}/${pid}`);
  if (status.innerPid !== null && status.innerPid !== pid) return false;
  if (!(await isUwsgi(`${proc}/${pid}`, status))) return false;
  return snapshot.workers.some((worker) => {
    const seen = worker.pid === null ? null : statOf(`${proc}/${worker.pid}`);
    return seen !== null && seen.parent === pid && startsAsSaid(seen, worker, bootTime);
  });
}

/**
 * Seconds that the start of a worker may be before and after what the document says: the boot time is cut off, and
 * uWSGI says what its master took for the time, which it looks up once in a cycle of a second (`core/master.c`).
 */
const EARLIER = 2;
const LATER = 5;

/** Whether a process started when the document says that the worker did. */
export function startsAsSaid(seen: ProcessStat, { lastSpawn }: Worker, bootTime: number): boolean {
  const after = bootTime + seen.startedAfterBoot - (lastSpawn ?? Number.NaN);
  return after >= -EARLIER && after <= LATER;
}
