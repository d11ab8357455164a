import type { Descriptors } from './proc.ts';

/**
 * Inodes of the files that a process waits for in one of its event queues.
 *
 * @param fdinfo contents of the epoll descriptor's file in `/proc/PID/fdinfo` (proc_pid_fdinfo(5)). Each line `tfd:` is
 *   a file. Its `ino:` is hexadecimal; a kernel before Linux 4.13 has none.
 * @param inodes of the sockets of the process, by descriptor, for a kernel without `ino:`
 */
export function waitedFor(fdinfo: string, inodes: ReadonlyMap<number, string>): Set<string> {
  const found = new Set<string>();
  for (const [, digits, hex] of fdinfo.matchAll(/^tfd: +(\d+) events:.*?(?: ino:([0-9a-f]+) .*)?$/gm)) {
    const inode = inodes.get(Number(digits));
    // A number may have been reused for another file since: the kernel has the inode of the file that is waited for.
    if (inode !== undefined && (hex === undefined || BigInt(`0x${hex}`).toString() === inode))
      found.add(inode);
  }
  return found;
}

/**
 * Sockets that a process has created for its own event loop: it waits for them in an event queue that is older. uWSGI
 * binds the sockets of the application first, then creates the queue of the master, emperor or router, then binds the
 * stats socket. The kernel gives the lowest free descriptor, so the stats socket has a greater one than the queue.
 *
 * @param waited inodes that each queue waits for
 * @returns inodes
 */
export function boundForQueue(
  { sockets, queues }: Descriptors,
  waited: ReadonlyMap<number, ReadonlySet<string>>,
): string[] {
  return [...sockets].flatMap(([descriptor, inode]) =>
    queues.some((queue) => queue < descriptor && waited.get(queue)?.has(inode)) ? [inode] : [],
  );
}
