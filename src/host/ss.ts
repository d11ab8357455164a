import type { QueueReading } from './reading.ts';
import { Shell } from './shell.ts';

/** A socket that listens. */
export interface Listener extends QueueReading {
  inode: string;
  family: 'unix' | 'tcp';
  /** The path of a unix socket as it was bound, or `@name`; else address and port. */
  name: string;
}

/** Unix, those that listen, numbers instead of names, without a heading; TCP too, and its inodes. */
const UNIX = '-xlnH';
const UNIX_AND_TCP = '-xtlneH';

/** State, queue, limit, name. Of a unix socket the inode stands for the port, and a path may look like all that follows. */
const UNIX_LINE = /^u_str +LISTEN +(\d+) +(\d+) +(\S.*) (\d+) +\* 0(?: |$)/;
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

/** Where the kernel does not tell `ss` the queue of a unix socket, it prints 0 of 0: that is left out. */
export function parseListeners(output: string): Listener[] {
  const listeners = output.split('\n').flatMap((line): Listener[] => {
    const family = line.startsWith('u_str') ? 'unix' : 'tcp';
    const match = (family === 'unix' ? UNIX_LINE : TCP_LINE).exec(line);
    const [, queue, limit, name = '', inode = ''] = match ?? [];
    if (match === null || limit === '0') return [];
    return [{ family, name, inode, queue: Number(queue), limit: Number(limit) }];
  });
  // A path may have a line of its own in it, which speaks of a socket of somebody else.
  const counts = new Map<string, number>();
  for (const { inode } of listeners) counts.set(inode, (counts.get(inode) ?? 0) + 1);
  return listeners.filter(({ inode }) => counts.get(inode) === 1);
}
