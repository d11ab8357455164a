import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readNow } from './now.ts';
import type { ChildReading, ProcessReading } from './reading.ts';

/** More threads of a master, and more of its children, are not looked at. */
const MOST_THREADS = 100;
const MOST_CHILDREN = 256;
/** Characters of a command that are kept. */
const LONGEST = 4096;

/**
 * Pids of the processes that a process has started, by `/proc/PID/task/TID/children` (proc(5)), up to `MOST_CHILDREN`.
 * Empty where the kernel has no such file (CONFIG_PROC_CHILDREN).
 *
 * @param folder of the process in `/proc`
 */
export function childPids(folder: string): number[] {
  const pids = threadsOf(folder).flatMap(
    (thread) => (readNow(`${folder}/task/${thread}/children`) ?? '').match(/\d+/g) ?? [],
  );
  return pids.slice(0, MOST_CHILDREN).map(Number);
}

function threadsOf(folder: string): string[] {
  try {
    return readdirSync(`${folder}/task`).slice(0, MOST_THREADS);
  } catch {
    return [];
  }
}

/** Adds their commands to the readings of a master's children. @param master its pid */
export async function withCommands(
  children: readonly ProcessReading[],
  master: number,
  proc: string,
): Promise<ChildReading[]> {
  const own = await commandOf(`${proc}/${master}`);
  return Promise.all(
    children.map(async (child) => {
      const command = await commandOf(`${proc}/${child.pid}`);
      // A process that uWSGI forks keeps the command line of its master, unless auto-procname gives it a name.
      return { ...child, command: command === own ? null : command };
    }),
  );
}

/** The words of its command line; `null` when they cannot be read, and of a process that has ended. */
async function commandOf(folder: string): Promise<string | null> {
  const text = await readFile(`${folder}/cmdline`, 'utf8').catch(() => '');
  return text.slice(0, LONGEST).replaceAll('\0', ' ').trim() || null;
}
