import { candidates } from './candidates.ts';
import { childPids } from './children.ts';
import { ownerOf } from './identity.ts';

/** The pids of a server in a container: as its document has them, and as they are here. */
export class OwnPids {
  readonly #proc: string;
  readonly #master: number;
  /** By the pid here. */
  readonly #own = new Map<number, number>();
  #here: ReadonlyMap<number, number> = new Map();

  /** @param master pid of the master here */
  constructor(master: number, proc: string) {
    this.#master = master;
    this.#proc = proc;
  }

  /** Reads the pids of new children of the master, up to the limit of `childPids`. */
  refresh(): void {
    const children = childPids(`${this.#proc}/${this.#master}`);
    const present = new Set([this.#master, ...children]);
    for (const pid of this.#own.keys()) if (!present.has(pid)) this.#own.delete(pid);
    for (const pid of present) {
      const own = this.#own.has(pid) ? null : (ownerOf(`${this.#proc}/${pid}`)?.pids.at(-1) ?? null);
      if (own !== null) this.#own.set(pid, own);
    }
    this.#here = new Map([...this.#own].map(([here, own]) => [own, here]));
  }

  /** The pid here of a process of the document. `null` if it is unknown. */
  here(own: number): number | null {
    return this.#here.get(own) ?? null;
  }

  /** The pid that the process itself sees. */
  own(here: number): number {
    return this.#own.get(here) ?? here;
  }
}

/** A process in another PID namespace. */
interface Contained {
  pid: number;
  own: number;
}

/** The processes of this machine that may be uWSGI and run in another PID namespace. */
export async function contained(proc: string): Promise<Contained[]> {
  return (await candidates(proc)).flatMap(({ pid }) => {
    const pids = ownerOf(`${proc}/${pid}`)?.pids ?? [];
    const own = pids.at(-1);
    return own === undefined || pids.length === 1 ? [] : [{ pid, own }];
  });
}

/** Milliseconds for which a list is used again: each of many servers may need it. */
const VALID_MS = 2000;

let last: { proc: string; until: number; list: Promise<Contained[]> } | null = null;

/** Like `contained`, but up to 2 s old. */
export function recentlyContained(proc: string): Promise<Contained[]> {
  const now = performance.now();
  if (last?.proc !== proc || now > last.until)
    last = { proc, until: now + VALID_MS, list: contained(proc).catch(() => []) };
  return last.list;
}

/** The most processes that are checked: containers often have equal pids, such as 1. */
const MOST = 50;

/** Pids here of processes that see themselves as `own`. */
export function masters(own: number, all: readonly Contained[]): number[] {
  return all.flatMap((each) => (each.own === own ? [each.pid] : [])).slice(0, MOST);
}

/**
 * The pid in a target such as `/proc/PID/root/run/app.stats`, if that process sees itself as `own`.
 *
 * @param path of the target, if it is a file
 */
export function masterNamed(own: number, path: string | null, proc: string): number[] {
  const pid = Number(/^\/proc\/(\d+)\/root\//.exec(path ?? '')?.[1] ?? Number.NaN);
  const pids = ownerOf(`${proc}/${pid}`)?.pids ?? [];
  return pids.length > 1 && pids.at(-1) === own ? [pid] : [];
}
