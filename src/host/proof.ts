import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AppSnapshot, Worker } from '../stats/snapshot.ts';
import { type Address, addressOf, type Target } from '../targets/target.ts';
import type { OwnPids } from './elsewhere.ts';
import { isLocal } from './local.ts';
import { absolute, openNamed } from './named.ts';
import {
  hasOurPids,
  isInOurNetwork,
  isUwsgi,
  type ProcessStatus,
  socketInodes,
  statusOf,
  unixListeners,
} from './proc.ts';
import type { Ss } from './ss.ts';
import { type ProcessStat, statOf } from './stat.ts';
import { tcpListeners } from './tcp.ts';

/** How certain it is that the process with that pid on this machine is the master of a document. */
export type Proof =
  /** The process has the socket open that the document came from. */
  | 'owner'
  /** The sockets of the process cannot be inspected, but all visible facts agree. */
  | 'likeness';

/** The source of a document, and the pid in it. */
interface Claim {
  target: Target;
  snapshot: AppSnapshot;
  /** Pid of the process here. */
  pid: number;
  /** The pids of a server in another PID namespace. Default: those of the document are pids here. */
  pids?: OwnPids | undefined;
  /** Boot time of this machine, in Unix seconds. */
  bootTime: number;
  proc: string;
  ss: Ss;
}

/**
 * Whether the master that wrote a document is the process with that pid on this machine. The pid alone is no proof: it
 * may belong to another machine or to a container. Containers number their own pids, often with equal values.
 *
 * In every case, the process must have the pid of the document in its own PID namespace. For a claim without `pids`,
 * that must be ours. A child must have the pid and the start time of a worker in the document. The process must have
 * started before every worker.
 *
 * If its sockets can be inspected (ptrace(2): by root, or by the user who started the server), the process must listen
 * where the document came from:
 * - at the file of the target,
 * - at its abstract name, or
 * - at its port, if the address belongs to this machine and no other process listens on that port at any address.
 *
 * Otherwise, such a socket must exist in the same network namespace, and the name of the process or of its binary must
 * contain "uwsgi". For a process in another PID namespace this is no proof.
 *
 * @returns `null` without proof
 */
export async function prove(claim: Claim): Promise<Proof | null> {
  try {
    return await proved(claim);
  } catch {
    return null;
  }
}

/** There is no proof. The message names the first fact that is missing. */
export class UnprovedError extends Error {
  override name = 'UnprovedError';
}

/**
 * Does the same as `prove`, and says why there is no proof.
 *
 * @throws UnprovedError
 * @throws Error of the operating system if the process, file or host does not exist or cannot be read
 */
export async function proved(claim: Claim): Promise<Proof> {
  const { pid, proc, target } = claim;
  const address = addressOf(target);
  if (address === null) throw new UnprovedError('the target is not a socket');
  const status = await statusOf(`${proc}/${pid}`);
  if (!hasPidOf(claim, status))
    throw new UnprovedError(`process ${pid} has another pid in its own container`);
  if (!agrees(claim))
    throw new UnprovedError(
      `no child of process ${pid} has the pid and the start of a worker in the document: the server runs in a container, or elsewhere`,
    );
  const own = await socketInodes(`${proc}/${pid}`);
  // Containers number their processes alike, and start them at the same time.
  if (own === null && claim.pids)
    throw new UnprovedError(`the sockets of process ${pid}, which runs in a container, cannot be inspected`);
  if (!(await listens(address, own, claim)))
    throw new UnprovedError(
      own === null
        ? `no socket of this machine that process ${pid} could own has this address`
        : `process ${pid} does not listen at this address, or is not the only one`,
    );
  if (own !== null) return 'owner';
  if (await isUwsgi(`${proc}/${pid}`, status)) return 'likeness';
  throw new UnprovedError(`process ${pid} is not named uwsgi, and its sockets cannot be inspected`);
}

/** Whether the process sees itself as the pid of the document. */
function hasPidOf({ pid, pids, snapshot }: Claim, status: ProcessStatus): boolean {
  if (!pids) return hasOurPids(status, pid);
  return status.pids[0] === pid && status.pids.at(-1) === snapshot.server.pid;
}

/** The path of a target that is a unix socket, or may be a unix socket. */
export function socketPathOf(target: Target): string | null {
  const address = addressOf(target);
  return address?.family === 'unix' ? address.path : null;
}

type Inodes = ReadonlySet<string>;

async function listens(address: Address, own: Inodes | null, claim: Claim): Promise<boolean> {
  switch (address.family) {
    case 'unix':
      return own === null ? await isNamed(address.path, claim) : await isBound(address.path, own, claim);
    case 'abstract': {
      const listeners = await unixListeners(`${claim.proc}/self`);
      // uWSGI binds the name with a trailing NUL, except with `abstract-socket`.
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
 * Whether the file that statstop reads belongs to a socket of the process. `ss` reports the file of each socket in our
 * network namespace. This is exact, even if two servers have bound the same path one after the other. If `ss` does not
 * report the file, the socket's path must lead to it.
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

/** Whether a path, as the process sees it, leads to that file. */
async function leadsTo(read: Stats, path: string, folder: string): Promise<boolean> {
  try {
    const file = await openNamed(folder, await absolute(folder, path), 'socket');
    const { dev, ino } = await file.stat().finally(() => file.close());
    return dev === read.dev && ino === read.ino;
  } catch {
    return false;
  }
}

/**
 * Whether a socket in the network namespace of a process is bound to the path that statstop reads. Paths from the
 * document are compared, not opened.
 */
async function isNamed(path: string, { pid, proc, snapshot }: Claim): Promise<boolean> {
  const read = await realpath(path);
  const listeners = await unixListeners(`${proc}/${pid}`);
  return listeners.some(
    ({ path }) => !path.startsWith('@') && resolve(snapshot.server.cwd ?? '/', path) === read,
  );
}

/**
 * Whether the processes on this machine match the document: at least one of them is a worker, and no worker started
 * before the master.
 */
export function agrees({ snapshot, pid, pids, bootTime, proc }: Omit<Claim, 'target' | 'ss'>): boolean {
  const master = statOf(`${proc}/${pid}`);
  if (master === null) return false;
  const earliest = bootTime + master.startedAfterBoot - LATER;
  if (snapshot.workers.some(({ lastSpawn }) => lastSpawn !== null && lastSpawn < earliest)) return false;
  return snapshot.workers.some((worker) => {
    const here = worker.pid === null || !pids ? worker.pid : pids.here(worker.pid);
    const seen = here === null ? null : statOf(`${proc}/${here}`);
    return seen !== null && isWorkerOf(pid, seen, worker, bootTime);
  });
}

/** Whether a process is the worker of a document: a child of the master, started at the time in the document. */
export function isWorkerOf(master: number, seen: ProcessStat, worker: Worker, bootTime: number): boolean {
  return seen.parent === master && startsAsSaid(seen, worker, bootTime);
}

/**
 * How many seconds before (EARLIER) or after (LATER) the document's start time a worker may start. The boot time is
 * truncated to a second. The document contains the master's cached time, which is updated once per cycle of a second
 * (`core/master.c`).
 */
const EARLIER = 2;
const LATER = 5;

/** Whether a process started at the document's start time of the worker. */
function startsAsSaid(seen: ProcessStat, { lastSpawn }: Worker, bootTime: number): boolean {
  const after = bootTime + seen.startedAfterBoot - (lastSpawn ?? Number.NaN);
  return after >= -EARLIER && after <= LATER;
}
