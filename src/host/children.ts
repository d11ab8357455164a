import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readNow } from './now.ts';
import type { ChildReading, ProcessReading } from './reading.ts';

/** Limits on the threads of a master and on its children: the rest is ignored. */
const MOST_THREADS = 100;
const MOST_CHILDREN = 256;
/** Maximum length of a command, in characters. The rest is cut off. */
const LONGEST = 4096;

/**
 * Pids of the processes that a process has started, from `/proc/PID/task/TID/children` (proc(5)); at most
 * `MOST_CHILDREN`. Empty if the kernel does not provide this file (CONFIG_PROC_CHILDREN).
 *
 * @param folder directory of the process in `/proc`
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

/**
 * Adds the commands to the readings of a master's children.
 *
 * @param master pid of the master
 */
export async function withCommands(
  children: readonly ProcessReading[],
  master: number,
  proc: string,
): Promise<ChildReading[]> {
  const own = await commandOf(`${proc}/${master}`);
  return Promise.all(
    children.map(async (child) => {
      const command = await commandOf(`${proc}/${child.pid}`);
      // A process forked by uWSGI keeps the command line of its master, unless auto-procname renames it.
      return { ...child, command: command === own ? null : command };
    }),
  );
}

/** The command line of a process. `null` if it cannot be read or if the process has ended. */
async function commandOf(folder: string): Promise<string | null> {
  const text = await readFile(`${folder}/cmdline`, 'utf8').catch(() => '');
  return text.slice(0, LONGEST).replaceAll('\0', ' ').trim() || null;
}
