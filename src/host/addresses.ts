import { readlink } from 'node:fs/promises';
import { absolute, openNamed } from './named.ts';
import { unixListeners } from './proc.ts';
import type { Listening } from './stats-socket.ts';
import { allTcpListeners } from './tcp.ts';

/** The namespaces of a process that decide how its sockets are reached (namespaces(7)), and its root directory. */
export interface Place {
  network: string;
  mounts: string;
  root: string;
}

/** @throws Error without permission (ptrace(2)), or if the process does not exist */
export async function placeOf(folder: string): Promise<Place> {
  const [network, mounts, root] = await Promise.all(
    ['ns/net', 'ns/mnt', 'root'].map((name) => readlink(`${folder}/${name}`)),
  );
  return { network: network ?? '', mounts: mounts ?? '', root: root ?? '' };
}

/**
 * Listening sockets in the network namespace of a process, by inode.
 *
 * @param folder directory of the process, `/proc/PID`
 * @throws Error if the tables cannot be read
 */
export async function listeningIn(folder: string): Promise<ReadonlyMap<string, Listening>> {
  const [unix, tcp] = await Promise.all([unixListeners(folder), allTcpListeners(folder)]);
  const found = new Map<string, Listening>();
  for (const { inode, path } of unix) {
    found.set(inode, { inode, address: { family: path.startsWith('@') ? 'abstract' : 'unix', path } });
  }
  for (const { inode, host, port } of tcp) {
    found.set(inode, { inode, address: { family: 'tcp', host, port } });
  }
  return found;
}

/** Why a socket cannot be connected to from here. */
export type Unreachable =
  /** It is in another network namespace. */
  | 'network'
  /** Its path leads to no socket that the user of the process could reach. */
  | 'path'
  /** Another process listens at the same address and port (SO_REUSEPORT), and it is unknown which one answers. */
  | 'shared';

/** How a socket is reached from here. */
export type Reach = { target: string; why: null } | { target: null; why: Unreachable };

/** A socket of a process, and what is around it. */
export interface Seen {
  listening: Listening;
  /** Directory of the process, `/proc/PID`. */
  folder: string;
  place: Place;
  /** The place of statstop. */
  here: Place;
  /** Sockets that the process has open. */
  open: ReadonlySet<string>;
  /** All listening sockets of the network namespace. */
  all: ReadonlyMap<string, Listening>;
}

/**
 * Finds the target with which statstop reads a socket from here. A path is only checked, not connected to, and by the
 * rules of `host/named`. It may be replaced afterwards: use `openStats` before connecting to a path that no user gave.
 */
export async function reach(seen: Seen): Promise<Reach> {
  const { address } = seen.listening;
  const unreachable = (why: Unreachable): Reach => ({ target: null, why });
  if (address.family === 'unix') {
    try {
      const path = await absolute(seen.folder, address.path);
      await (await openNamed(seen.folder, path, 'socket')).close();
      return { target: isSameRoot(seen) ? path : `${seen.folder}/root${path}`, why: null };
    } catch {
      return unreachable('path');
    }
  }
  if (seen.place.network !== seen.here.network) return unreachable('network');
  if (address.family === 'abstract') return { target: address.path.replace(/@$/, ''), why: null };
  return isShared(seen)
    ? unreachable('shared')
    : { target: tcpTarget(address.host, address.port), why: null };
}

function isSameRoot({ place, here }: Seen): boolean {
  return place.mounts === here.mounts && place.root === here.root;
}

/** Whether a process that does not have the socket listens at the same address and port. */
function isShared({ listening: { inode, address }, open, all }: Seen): boolean {
  return [...all.values()].some(
    ({ inode: other, address: at }) =>
      other !== inode &&
      !open.has(other) &&
      address.family === 'tcp' &&
      at.family === 'tcp' &&
      at.port === address.port &&
      at.host === address.host,
  );
}

/** The target for a port, as `parseTarget` reads it. */
export function tcpTarget(host: string, port: number): string {
  if (host === '0.0.0.0') return `:${port}`;
  if (host === '::') return `[::1]:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
