import { opendir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AppSnapshot, MOST_TASKS } from '../stats/snapshot.ts';
import { OtherKindError, openNamed, pathOf } from './named.ts';

/** Seconds between two looks. */
const INTERVAL = 4.9;
/** Milliseconds that a reading waits for a look. The look goes on, and a later reading has its result. */
const LIMIT_MS = 100;

/** Seconds after which a result is too old: the looks after it hang. */
const STALE = 3 * INTERVAL;

/** Names that are looked at, whatever they are. */
const MOST_NAMES = 50_000;
/** Names that come from the kernel at a time. */
const AT_ONCE = 256;

/** What uWSGI calls the file of a task, and the folder of a priority (`core/spooler.c`). */
const TASK = /^uwsgi_spoolfile_on_/;
const PRIORITY = /^\d+$/;

export interface SpoolsOptions {
  /** Instead of `LIMIT_MS`. */
  limitMs?: number;
  /** Instead of `MOST_NAMES`. */
  mostNames?: number;
  /** Instead of a look at the disk. */
  tasksIn?: typeof tasksIn;
}

/** What a look found that began at that time, in monotonic seconds. */
interface Found {
  clock: number;
  counts: ReadonlyMap<string, number>;
}

/**
 * Tasks that are in the folders of the spoolers: a file each, until it is done. So the one that runs is counted too, and
 * those that are meant for later. Priorities have a folder each.
 */
export class Spools {
  readonly #proc: string;
  readonly #limitMs: number;
  readonly #mostNames: number;
  readonly #tasksIn: typeof tasksIn;
  #next = Number.NEGATIVE_INFINITY;
  #last: Found | null = null;
  #look: Promise<void> | null = null;
  #master: number | null = null;

  constructor(proc: string, options: SpoolsOptions = {}) {
    this.#proc = proc;
    this.#limitMs = options.limitMs ?? LIMIT_MS;
    this.#mostNames = options.mostNames ?? MOST_NAMES;
    this.#tasksIn = options.tasksIn ?? tasksIn;
  }

  /**
   * By the folder as the document has it; without those that cannot be looked at.
   *
   * @param master the pid of the one whose files they are: proved
   */
  async read(snapshot: AppSnapshot, master: number, clock: number): Promise<ReadonlyMap<string, number>> {
    const folders = new Set(snapshot.spoolers.flatMap(({ dir }) => dir ?? []));
    if (folders.size === 0) return new Map();
    if (master !== this.#master) {
      this.#master = master;
      this.#next = Number.NEGATIVE_INFINITY;
      this.#last = null;
      // It may hang for ever. Its result is discarded.
      this.#look = null;
    }
    if (clock >= this.#next && this.#look === null) {
      this.#next = clock + INTERVAL;
      const look = this.#count(folders, master, clock).finally(() => {
        if (this.#look === look) this.#look = null;
      });
      this.#look = look;
    }
    if (this.#look !== null) await Promise.race([this.#look, sleep(this.#limitMs, null, { ref: false })]);
    const last: Found | null = this.#last;
    return last === null || clock - last.clock > STALE ? new Map() : last.counts;
  }

  async #count(folders: ReadonlySet<string>, master: number, clock: number): Promise<void> {
    const counts = new Map<string, number>();
    for (const folder of folders) {
      const count = await this.#tasksIn(`${this.#proc}/${master}`, folder, this.#mostNames).catch(() => null);
      if (count !== null) counts.set(folder, count);
    }
    if (master === this.#master) this.#last = { clock, counts };
  }
}

/**
 * @param process the folder of the master, `/proc/PID`
 * @param folder as the master sees it
 * @returns `null` when the folder has too much else in it
 * @throws Error when it cannot be read, or when the user of the master may not read it
 */
export async function tasksIn(process: string, folder: string, most: number): Promise<number | null> {
  const found: Progress = { tasks: 0, names: 0, most };
  const priorities: string[] = [];
  await look(process, folder, found, (name) => priorities.push(name));
  for (const name of priorities) {
    if (isEnough(found)) break;
    await look(process, `${folder}/${name}`, found).catch((error: NodeJS.ErrnoException) => {
      // A file of that name is no priority; a folder may be gone.
      if (!(error instanceof OtherKindError) && error.code !== 'ENOENT') throw error;
    });
  }
  if (found.tasks < MOST_TASKS && found.names >= most) return null;
  return Math.min(found.tasks, MOST_TASKS);
}

interface Progress {
  tasks: number;
  /** Looked at, and how many may be. */
  names: number;
  most: number;
}

function isEnough({ tasks, names, most }: Progress): boolean {
  return tasks >= MOST_TASKS || names >= most;
}

async function look(
  process: string,
  path: string,
  found: Progress,
  priority?: (name: string) => void,
): Promise<void> {
  const folder = await openNamed(process, path, 'folder');
  try {
    for await (const { name } of await opendir(pathOf(folder), { bufferSize: AT_ONCE })) {
      if (isEnough(found)) return;
      found.names += 1;
      if (TASK.test(name)) found.tasks += 1;
      else if (PRIORITY.test(name)) priority?.(name);
    }
  } finally {
    await folder.close();
  }
}
