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

/** The most processes that are checked: containers often have equal pids, such as 1. */
const MOST = 50;

/**
 * Pids here of processes that may be uWSGI and see themselves as `own`, because they run in another PID namespace. A
 * target such as `/proc/PID/root/run/app.stats` names its process, which comes first.
 *
 * @param path of the target, if it is a file
 */
export async function masters(own: number, path: string | null, proc: string): Promise<number[]> {
  const named = Number(/^\/proc\/(\d+)\/root\//.exec(path ?? '')?.[1] ?? Number.NaN);
  const pids = (await candidates(proc)).map(({ pid }) => pid);
  const order = [...pids.filter((pid) => pid === named), ...pids.filter((pid) => pid !== named)];
  const found: number[] = [];
  for (const pid of order) {
    const seen = ownerOf(`${proc}/${pid}`)?.pids ?? [];
    if (seen.length > 1 && seen.at(-1) === own) found.push(pid);
    if (found.length === MOST) break;
  }
  return found;
}
