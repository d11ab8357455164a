import { opendir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AppSnapshot, MOST_TASKS } from '../stats/snapshot.ts';
import { descriptorPath, OtherKindError, openNamed } from './named.ts';

/** Seconds between two scans. */
const INTERVAL = 4.9;
/** Milliseconds that a reading waits for a scan. The scan continues, and a later reading gets its result. */
const LIMIT_MS = 100;

/** Seconds after which a result is discarded because the later scans have not finished. */
const STALE = 3 * INTERVAL;

/** Maximum number of directory entries to scan, of any kind. */
const MOST_NAMES = 50_000;
/** Number of directory entries read at a time. */
const AT_ONCE = 256;

/** Names that uWSGI gives to the file of a task, and to the directory of a priority (`core/spooler.c`). */
const TASK = /^uwsgi_spoolfile_on_/;
const PRIORITY = /^\d+$/;

export interface SpoolsOptions {
  /** Replaces `LIMIT_MS`. */
  limitMs?: number;
  /** Replaces the scan of the disk. */
  tasksIn?: typeof tasksIn;
}

/** The result of a scan, and its start time in monotonic seconds. */
interface Found {
  clock: number;
  counts: ReadonlyMap<string, number>;
}

/**
 * Counts the tasks in the spooler directories. Each task is a file until it is done, so the running task and scheduled
 * tasks are counted too. Each priority has its own directory.
 */
export class Spools {
  readonly #proc: string;
  readonly #limitMs: number;
  readonly #tasksIn: typeof tasksIn;
  #next = Number.NEGATIVE_INFINITY;
  #last: Found | null = null;
  #look: Promise<void> | null = null;
  #master: number | null = null;

  constructor(proc: string, options: SpoolsOptions = {}) {
    this.#proc = proc;
    this.#limitMs = options.limitMs ?? LIMIT_MS;
    this.#tasksIn = options.tasksIn ?? tasksIn;
  }

  /**
   * Returns the number of tasks by directory, as named in the document. Unreadable directories are left out.
   *
   * @param master pid of the proved master, which owns the files
   */
  async read(snapshot: AppSnapshot, master: number, clock: number): Promise<ReadonlyMap<string, number>> {
    const folders = new Set(snapshot.spoolers.flatMap(({ dir }) => dir ?? []));
    if (folders.size === 0) return new Map();
    if (master !== this.#master) {
      this.#master = master;
      this.#next = Number.NEGATIVE_INFINITY;
      this.#last = null;
      // The old scan may block forever. Its result is discarded.
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
      const count = await this.#tasksIn(`${this.#proc}/${master}`, folder, MOST_NAMES).catch(() => null);
      if (count !== null) counts.set(folder, count);
    }
    if (master === this.#master) this.#last = { clock, counts };
  }
}

/**
 * Counts the tasks in a spooler directory.
 *
 * @param process directory of the master, `/proc/PID`
 * @param folder as the master sees it
 * @param most maximum number of directory entries to scan
 * @returns `null` if the directory contains too many other entries
 * @throws Error if it cannot be read, or if the user of the master may not read it
 */
export async function tasksIn(process: string, folder: string, most: number): Promise<number | null> {
  const found: Progress = { tasks: 0, names: 0, most };
  const priorities: string[] = [];
  await look(process, folder, found, (name) => priorities.push(name));
  for (const name of priorities) {
    if (isEnough(found)) break;
    await look(process, `${folder}/${name}`, found).catch((error: NodeJS.ErrnoException) => {
      // A file with such a name is not a priority, and a directory may have been removed.
      if (!(error instanceof OtherKindError) && error.code !== 'ENOENT') throw error;
    });
  }
  if (found.tasks < MOST_TASKS && found.names >= most) return null;
  return Math.min(found.tasks, MOST_TASKS);
}

interface Progress {
  tasks: number;
  /** Directory entries scanned so far (`names`), and their limit (`most`). */
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
    for await (const { name } of await opendir(descriptorPath(folder), { bufferSize: AT_ONCE })) {
      if (isEnough(found)) return;
      found.names += 1;
      if (TASK.test(name)) found.tasks += 1;
      else if (PRIORITY.test(name)) priority?.(name);
    }
  } finally {
    await folder.close();
  }
}
