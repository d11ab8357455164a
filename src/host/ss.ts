import type { QueueReading } from './reading.ts';
import { Shell } from './shell.ts';

/** A listening socket. */
export interface Listener extends QueueReading {
  inode: string;
  family: 'unix' | 'tcp';
  /** The path of a unix socket as bound, or `@name`. For TCP, address and port. */
  name: string;
  /** Lower 32 bits of the inode number of the file that a unix socket is bound to. `null` if not reported. */
  file: number | null;
  /** Whether the kernel reported queue and limit. */
  isKnown: boolean;
}

/** Unix sockets, listening ones, numbers instead of names, inodes, no header. The second constant adds TCP. */
const UNIX = '-xlneH';
const UNIX_AND_TCP = '-xtlneH';

/**
 * State, queue, limit, name, details. For a unix socket, the inode is in the column of the port. A path may contain
 * text that looks like the following columns: the last match comes from the kernel.
 */
const UNIX_LINE = /^u_str +LISTEN +(\d+) +(\d+) +(\S.*) (\d+) +\* 0(?: (<->)(?: ino:(\d+))?(?: |$)| |$)/;
const TCP_LINE = /^tcp +LISTEN +(\d+) +(\d+) +(\S+) .*\bino:(\d+)\b/;

/**
 * Runs `ss` (iproute2) to list the listening stream sockets in a network namespace. No file in `/proc` contains the
 * queue of a unix socket, or a limit. A run takes some 3 ms, or 4 ms with TCP, on another processor if there is one.
 */
export class Ss {
  readonly #shell: Shell;
  readonly #maxAge: number;
  /** The result of the last run, and until when it is returned: also as long as the run takes. */
  #last: { until: number; listeners: Promise<Listener[]> } | null = null;

  /**
   * @param maxAge seconds for which a result is returned again, also to concurrent callers. For several servers that
   *   share this object, so that their number does not increase the number of runs
   * @param network network namespace in which it runs, as a path. Needs root. Default: ours
   */
  constructor(command = 'ss', maxAge = 0, network: string | null = null) {
    this.#shell = network === null ? new Shell(command) : new Shell('nsenter', `--net=${network}`, command);
    this.#maxAge = maxAge;
  }

  /** @throws Error if `ss` does not exist or fails */
  async listeners(tcp: boolean): Promise<Listener[]> {
    if (this.#maxAge === 0) return this.#run(tcp ? UNIX_AND_TCP : UNIX);
    const now = performance.now() / 1000;
    if (this.#last !== null && now < this.#last.until) return this.#last.listeners;
    // Servers on both kinds of sockets share one run.
    const listeners = this.#run(UNIX_AND_TCP).finally(() => {
      last.until = now + this.#maxAge;
    });
    const last = { until: Number.POSITIVE_INFINITY, listeners };
    this.#last = last;
    return listeners;
  }

  async #run(options: string): Promise<Listener[]> {
    return parseListeners(await this.#shell.run(options));
  }

  /** Ends its shell. */
  close(): void {
    this.#shell.close();
  }
}

/**
 * Parses the output of `ss`. On a kernel without unix_diag (before Linux 3.3), `ss` reads `/proc/net/unix`. It then
 * prints 0 for queue and limit of a unix socket, and no details.
 *
 * A path can contain newlines, so any user can add lines to the output. Such a line can only refer to a socket that
 * also has its own line. Therefore sockets with two lines are left out.
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
