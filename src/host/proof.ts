import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AppSnapshot, Worker } from '../stats/snapshot.ts';
import type { Address, Target } from '../targets/target.ts';
import { isLocal } from './local.ts';
import { absolute, openNamed } from './named.ts';
import { hasOurPids, isInOurNetwork, isUwsgi, socketInodes, statusOf, unixListeners } from './proc.ts';
import type { Ss } from './ss.ts';
import { type ProcessStat, statOf } from './stat.ts';
import { tcpListeners } from './tcp.ts';

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
  ss: Ss;
}

/**
 * Whether the master that wrote a document is the process here that has its pid. A pid alone proves nothing: it can be of
 * another machine, or of a container, whose pids are numbers of their own and often equal those of the next container.
 *
 * In any case the process must have one pid, the same for itself as for us, and a child with the pid and the start of a
 * worker of the document; and it must have started before every worker.
 *
 * With the permission to look at its sockets (ptrace(2): root, or the user who started the server), it must also listen
 * where the document came from: at the file of the target, at its abstract name, or, when the target is an address of
 * this machine, at its port, where no other process listens at any address.
 *
 * Without it, there must be such a socket in the same network, and the process must call itself a uWSGI.
 *
 * @returns `null` when it is not proved
 */
export async function prove(claim: Claim): Promise<Proof | null> {
  const address = addressOf(claim.target);
  if (address === null) return null;
  try {
    const status = await statusOf(`${claim.proc}/${claim.pid}`);
    if (!hasOurPids(status, claim.pid) || !agrees(claim)) return null;
    const own = await socketInodes(`${claim.proc}/${claim.pid}`);
    if (!(await listens(address, own, claim))) return null;
    if (own !== null) return 'owner';
    return (await isUwsgi(`${claim.proc}/${claim.pid}`, status)) ? 'likeness' : null;
  } catch {
    // No such process, no such file, no such host.
    return null;
  }
}

/** The path of a target that is a unix socket, or may be one. */
export function pathOf(target: Target): string | null {
  const address = addressOf(target);
  return address?.family === 'unix' ? address.path : null;
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
      return (await isLocal(claim.target)) && areOwn(await tcpListeners(address.port, claim.proc), own);
  }
}

function areOwn(inodes: readonly string[], own: Inodes | null): boolean {
  return inodes.length > 0 && inodes.every((inode) => own === null || own.has(inode));
}

/**
 * Whether the file that we read is that of a socket of its own. `ss` tells the file of each socket in our network, which
 * is exact: two servers can have bound the same path, one after the other. Where it cannot tell, the path must lead to
 * the file.
 */
async function isBound(path: string, own: Inodes, { pid, proc, ss }: Claim): Promise<boolean> {
  const folder = `${proc}/${pid}`;
  const read = await stat(path);
  const isOurs = await isInOurNetwork(folder, proc);
  const listed = isOurs ? await ss.listeners(false).catch(() => null) : null;
  const files = listed && new Map(listed.map(({ inode, file }) => [inode, file]));
  for (const { inode, path } of await unixListeners(folder)) {
    if (!own.has(inode) || files?.has(inode) === false) continue;
    const file = files?.get(inode) ?? null;
    if (file === null ? await leadsTo(read, path, folder) : file === read.ino % 2 ** 32) return true;
  }
  return false;
}

/** Whether a path of a process is that file. */
async function leadsTo(read: Stats, path: string, folder: string): Promise<boolean> {
  try {
    const file = await openNamed(folder, await absolute(folder, path), 'socket');
    const { dev, ino } = await file.stat().finally(() => file.close());
    return dev === read.dev && ino === read.ino;
  } catch {
    return false;
  }
}

/** Whether a process listens in its network under the path that we read. Paths of the document are compared, not opened. */
async function isNamed(path: string, { pid, proc, snapshot }: Claim): Promise<boolean> {
  const read = await realpath(path);
  const listeners = await unixListeners(`${proc}/${pid}`);
  return listeners.some(
    ({ path }) => !path.startsWith('@') && resolve(snapshot.server.cwd ?? '/', path) === read,
  );
}

/**
 * Whether the processes here are those of the document: one of them is a worker, and none of its workers started before
 * the master.
 */
export function agrees({ snapshot, pid, bootTime, proc }: Omit<Claim, 'target' | 'ss'>): boolean {
  const master = statOf(`${proc}/${pid}`);
  if (master === null) return false;
  const earliest = bootTime + master.startedAfterBoot - LATER;
  if (snapshot.workers.some(({ lastSpawn }) => lastSpawn !== null && lastSpawn < earliest)) return false;
  return snapshot.workers.some((worker) => {
    const seen = worker.pid === null ? null : statOf(`${proc}/${worker.pid}`);
    return seen !== null && isWorkerOf(pid, seen, worker, bootTime);
  });
}

/** Whether a process is the worker of a document: a child of its master that started when the document says. */
export function isWorkerOf(master: number, seen: ProcessStat, worker: Worker, bootTime: number): boolean {
  return seen.parent === master && startsAsSaid(seen, worker, bootTime);
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
