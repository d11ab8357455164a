import type { AppSnapshot } from '../stats/snapshot.ts';
import { socketInodes, unixListeners } from './proc.ts';
import type { QueueReading } from './reading.ts';
import type { Listener, Ss } from './ss.ts';

/** Seconds between two runs of `ss`, and after one that failed. */
const INTERVAL = 1.9;
const PAUSE = 60;

/**
 * The queues that a document does not know: of unix sockets, and of IPv6 in uWSGI 2.0.21. A program is run for them, so
 * they are about 2 s old at the most, and there are none for a while after it failed.
 */
export class Queues {
  readonly #proc: string;
  readonly #interval: number;
  readonly #ss: Ss;
  #next = Number.NEGATIVE_INFINITY;
  #last: ReadonlyMap<string, QueueReading> = new Map();
  /** Whether the master has a socket, by inode. */
  #judged = new Map<string, boolean>();
  #master: number | null = null;

  /** @param whole runs `ss` each time */
  constructor(proc: string, ss: Ss, whole = false) {
    this.#proc = proc;
    this.#interval = whole ? 0 : INTERVAL;
    this.#ss = ss;
  }

  /** @param master the pid of the one whose sockets they are: proved */
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
    // By what they are known by: there can be thousands of both.
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
    // A master of many workers has many files open: they are looked at when a socket is new.
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
 * Whether the master has a socket open. Without the permission to look, whether it is a unix socket of the master's
 * network: `ss` sees those of ours, and the same inode in both is the same socket.
 */
async function ownership(folder: string): Promise<(listener: Listener) => boolean> {
  const own = await socketInodes(folder);
  if (own !== null) return ({ inode }) => own.has(inode);
  const theirs = new Set((await unixListeners(folder)).map(({ inode }) => inode));
  return ({ family, inode }) => family === 'unix' && theirs.has(inode);
}

/** Two sockets of one name cannot be told apart. */
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

/** uWSGI takes for TCP what has a colon in it (`core/socket.c`). */
function isTcp(name: string): boolean {
  return name.includes(':');
}

/** The host in the document may be a name: the port has to do. */
function keyOf({ family, name }: Listener): string {
  return family === 'tcp' ? `tcp ${port(name)}` : `unix ${name}`;
}

/** What a socket of the document can be known by. */
function keysOf(name: string): readonly string[] {
  if (isTcp(name)) return [`tcp ${port(name)}`];
  // A NUL of an abstract name is shown as an at sign, and uWSGI binds one behind the name.
  return name.startsWith('@') ? [`unix ${name}`, `unix ${name}@`] : [`unix ${name}`];
}

function port(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}
