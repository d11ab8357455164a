import type { AppSnapshot } from '../stats/snapshot.ts';
import { socketInodes, unixListeners } from './proc.ts';
import type { QueueReading } from './reading.ts';
import type { Listener, Ss } from './ss.ts';

/** Seconds until the next run of `ss`: after a successful run (INTERVAL), and after a failed one (PAUSE). */
const INTERVAL = 1.9;
const PAUSE = 60;

/**
 * Reads the listen queues that the document lacks: those of unix sockets, and of IPv6 in uWSGI 2.0.21. Since this runs
 * `ss`, the values are up to about 2 s old. After a failed run there are no values for `PAUSE` seconds.
 */
export class Queues {
  readonly #proc: string;
  readonly #interval: number;
  readonly #ss: Ss;
  #next = Number.NEGATIVE_INFINITY;
  #last: ReadonlyMap<string, QueueReading> = new Map();
  /** Whether the master owns a socket, by inode. */
  #judged = new Map<string, boolean>();
  #master: number | null = null;

  /** @param whole runs `ss` each time */
  constructor(proc: string, ss: Ss, whole = false) {
    this.#proc = proc;
    this.#interval = whole ? 0 : INTERVAL;
    this.#ss = ss;
  }

  /** @param master pid of the proved master, which owns the sockets */
  async read(
    snapshot: AppSnapshot,
    master: number,
    clock: number,
  ): Promise<ReadonlyMap<string, QueueReading>> {
    const names = unknownQueues(snapshot);
    if (names.length === 0) return new Map();
    if (clock < this.#next && master === this.#master) return this.#last;
    if (master !== this.#master) this.#judged.clear();
    this.#master = master;
    this.#next = clock + this.#interval;
    try {
      this.#last = await this.#ask(names, `${this.#proc}/${master}`);
    } catch {
      this.#next = clock + PAUSE;
      this.#last = new Map();
    }
    return this.#last;
  }

  async #ask(names: readonly string[], folder: string): Promise<Map<string, QueueReading>> {
    const all = (await this.#ss.listeners(names.some(isTcp))).filter(({ isKnown }) => isKnown);
    // Index the listeners by key: there can be thousands of listeners and of names.
    const byKey = new Map<string, Listener[]>();
    for (const each of all) {
      const known = byKey.get(keyOf(each));
      if (known) known.push(each);
      else byKey.set(keyOf(each), [each]);
    }
    const found = names.map((name) => ({
      name,
      listeners: keysOf(name).flatMap((key) => byKey.get(key) ?? []),
    }));
    // Read the master's open files only if there is a new socket: a master with many workers has many open files.
    const strange = found.flatMap(({ listeners }) =>
      listeners.filter(({ inode }) => !this.#judged.has(inode)),
    );
    if (strange.length > 0) {
      const isOwn = await ownership(folder);
      for (const each of strange) this.#judged.set(each.inode, isOwn(each));
    }
    return new Map(
      found.flatMap(({ name, listeners }) => {
        const [own, ...others] = listeners.filter(({ inode }) => this.#judged.get(inode));
        return own && others.length === 0 ? [[name, { queue: own.queue, limit: own.limit }]] : [];
      }),
    );
  }
}

/**
 * Returns a test for sockets of the master. Without permission to read its open files, it tests for unix sockets in the
 * master's network namespace. `ss` lists the sockets of ours, and the same inode in both is the same socket.
 */
async function ownership(folder: string): Promise<(listener: Listener) => boolean> {
  const own = await socketInodes(folder);
  if (own !== null) return ({ inode }) => own.has(inode);
  const theirs = new Set((await unixListeners(folder)).map(({ inode }) => inode));
  return ({ family, inode }) => family === 'unix' && theirs.has(inode);
}

/**
 * Names of the sockets whose queue the document lacks. Repeated names are left out, since their sockets are ambiguous.
 */
function unknownQueues({ sockets }: AppSnapshot): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name } of sockets) {
    if (name === null) continue;
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return sockets.flatMap(({ name, maxQueue }) =>
    name !== null && maxQueue === null && !repeated.has(name) ? [name] : [],
  );
}

/** uWSGI treats a name with a colon as a TCP address (`core/socket.c`). */
function isTcp(name: string): boolean {
  return name.includes(':');
}

/** A TCP socket is matched by port only: the document may contain a host name instead of an address. */
function keyOf({ family, name }: Listener): string {
  return family === 'tcp' ? `tcp ${port(name)}` : `unix ${name}`;
}

/** The keys that may match a socket of the document. */
function keysOf(name: string): readonly string[] {
  if (isTcp(name)) return [`tcp ${port(name)}`];
  // A NUL in an abstract name is shown as `@`, and uWSGI binds the name with a trailing NUL.
  return name.startsWith('@') ? [`unix ${name}`, `unix ${name}@`] : [`unix ${name}`];
}

function port(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}
