import { opendir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AppSnapshot, MOST_TASKS } from '../stats/snapshot.ts';

/** Seconds between two looks. */
const INTERVAL = 4.9;
/** Milliseconds that a reading waits for a look: a slow disk is asked on, and what it says comes with a later reading. */
const PATIENCE_MS = 100;

/** Names that are looked at, whatever they are. */
const MOST_NAMES = 50_000;
/** Names that come from the kernel at a time. */
const AT_ONCE = 256;

/** What uWSGI calls the file of a task, and the folder of a priority (`core/spooler.c`). */
const TASK = /^uwsgi_spoolfile_on_/;
const PRIORITY = /^\d+$/;

/**
 * Tasks that are in the folders of the spoolers: a file each, until it is done. So the one that runs is counted too, and
 * those that are meant for later. Priorities have a folder each.
 */
export class Spools {
  readonly #proc: string;
  readonly #mostNames: number;
  #next = Number.NEGATIVE_INFINITY;
  #last: ReadonlyMap<string, number> = new Map();
  #look: Promise<void> | null = null;
  #master: number | null = null;

  constructor(proc: string, mostNames = MOST_NAMES) {
    this.#proc = proc;
    this.#mostNames = mostNames;
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
      this.#last = new Map();
    }
    if (clock >= this.#next && this.#look === null) {
      this.#next = clock + INTERVAL;
      this.#look = this.#count(folders, master).finally(() => {
        this.#look = null;
      });
    }
    if (this.#look !== null) await Promise.race([this.#look, sleep(PATIENCE_MS, null, { ref: false })]);
    return this.#last;
  }

  async #count(folders: ReadonlySet<string>, master: number): Promise<void> {
    const counts = new Map<string, number>();
    for (const folder of folders) {
      // The path is one of the files that the server sees.
      const inside = folder.startsWith('/') ? `root${folder}` : `cwd/${folder}`;
      const count = await tasksIn(`${this.#proc}/${master}/${inside}`, this.#mostNames).catch(() => null);
      if (count !== null) counts.set(folder, count);
    }
    if (master === this.#master) this.#last = counts;
  }
}

/** @returns `null` when the folder has too much else in it. @throws Error when it cannot be read */
async function tasksIn(folder: string, most: number): Promise<number | null> {
  const found: Found = { tasks: 0, names: 0, most };
  const priorities: string[] = [];
  await look(folder, found, (name) => priorities.push(name));
  for (const name of priorities) {
    await look(`${folder}/${name}`, found).catch((error: NodeJS.ErrnoException) => {
      // A file of that name is no priority; a folder may be gone.
      if (error.code !== 'ENOTDIR' && error.code !== 'ENOENT') throw error;
    });
  }
  if (found.tasks < MOST_TASKS && found.names >= most) return null;
  return Math.min(found.tasks, MOST_TASKS);
}

interface Found {
  tasks: number;
  /** Looked at, and how many may be. */
  names: number;
  most: number;
}

async function look(folder: string, found: Found, priority?: (name: string) => void): Promise<void> {
  for await (const { name } of await opendir(folder, { bufferSize: AT_ONCE })) {
    if (found.tasks >= MOST_TASKS || found.names >= found.most) return;
    found.names += 1;
    if (TASK.test(name)) found.tasks += 1;
    else if (PRIORITY.test(name)) priority?.(name);
  }
}
