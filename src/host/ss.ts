import type { QueueReading } from './reading.ts';
import { Shell } from './shell.ts';

/** A socket that listens. */
export interface Listener extends QueueReading {
  inode: string;
  family: 'unix' | 'tcp';
  /** The path of a unix socket as it was bound, or `@name`; else address and port. */
  name: string;
  /** Of the file that a unix socket is bound to: the lower 32 bits of its inode number. `null` where it is not said. */
  file: number | null;
  /** The kernel told queue and limit. */
  isKnown: boolean;
}

/** Unix, those that listen, numbers instead of names, inodes, without a heading; TCP too. */
const UNIX = '-xlneH';
const UNIX_AND_TCP = '-xtlneH';

/**
 * State, queue, limit, name, details. Of a unix socket the inode stands for the port. A path may hold text that looks like
 * what follows it: the last match is the kernel's.
 */
const UNIX_LINE = /^u_str +LISTEN +(\d+) +(\d+) +(\S.*) (\d+) +\* 0(?: (<->)(?: ino:(\d+))?(?: |$)| |$)/;
const TCP_LINE = /^tcp +LISTEN +(\d+) +(\d+) +(\S+) .*\bino:(\d+)\b/;

/**
 * What `ss` (iproute2) says of the stream sockets that listen in our network namespace. No file of `/proc` has the queue
 * of a unix socket, or a limit. It takes some 3 ms, with TCP 4, of another processor
 * if there is one.
 */
export class Ss {
  readonly #shell: Shell;

  constructor(command = 'ss') {
    this.#shell = new Shell(command);
  }

  /** @throws Error when there is no `ss`, or when it fails */
  async listeners(tcp: boolean): Promise<Listener[]> {
    return parseListeners(await this.#shell.run(tcp ? UNIX_AND_TCP : UNIX));
  }
}

/**
 * Where the kernel does not tell `ss` the queue of a unix socket, it prints 0 of 0, and no details: it reads
 * `/proc/net/unix` on a kernel without unix_diag (before Linux 3.3).
 *
 * A path can hold newlines, so any user can add lines to the output. Such a line can only be about a socket that has a
 * line of its own, too: sockets with two lines are left out.
 */
export function parseListeners(output: string): Listener[] {
  const listeners = output.split('\n').flatMap((line): Listener[] => {
    const family = line.startsWith('u_str') ? 'unix' : 'tcp';
    const match = (family === 'unix' ? UNIX_LINE : TCP_LINE).exec(line);
    if (match === null) return [];
    const [, queue, limit, name = '', inode = '', details, file] = match;
    const bound = family === 'tcp' || file === undefined ? null : Number(file);
    const isKnown = family === 'tcp' || details !== undefined || limit !== '0';
    return [{ family, name, inode, queue: Number(queue), limit: Number(limit), isKnown, file: bound }];
  });
  const counts = new Map<string, number>();
  for (const { inode } of listeners) counts.set(inode, (counts.get(inode) ?? 0) + 1);
  return listeners.filter(({ inode }) => counts.get(inode) === 1);
}
