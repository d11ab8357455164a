import type { Spooler } from '../stats/snapshot.ts';
import type { AppSample } from './sample.ts';

/** A period during which the number of tasks in a spooler folder has not fallen below its initial value. */
export interface Backlog {
  /** Start of the period, in Unix seconds. */
  since: number;
  /** Number of tasks in the folder at the start. */
  waiting: number;
  /**
   * Tries by the spoolers of the folder since the server started: up to the start of the period (`triedThen`), and up
   * to now (`tried`).
   */
  triedThen: number;
  tried: number;
}

/** Backlogs by folder. */
export type Backlogs = ReadonlyMap<string, Backlog>;

/** The backlogs before the first sample. */
export const NO_BACKLOGS: Backlogs = new Map();

/**
 * The backlogs after one more sample. uWSGI counts each try in `tasks` when it ends, including repeated tries of tasks
 * that fail (core/spooler.c; seen on 2.0.21). Therefore only the number of waiting files shows whether tasks are completed.
 */
export function backlogsAfter(before: Backlogs, sample: AppSample): Backlogs {
  const now = new Map<string, Backlog>();
  for (const [dir, all] of spoolersByFolder(sample.snapshot.spoolers)) {
    const waiting = all.find((each) => each.waiting !== null)?.waiting ?? 0;
    if (waiting === 0) continue;
    const tried = all.reduce((sum, { tasks }) => sum + (tasks ?? 0), 0);
    const old = sample.reset ? undefined : before.get(dir);
    const goesOn = old !== undefined && waiting >= old.waiting && tried >= old.tried;
    now.set(dir, goesOn ? { ...old, tried } : { since: sample.time, waiting, triedThen: tried, tried });
  }
  return now;
}

/** Groups spoolers by folder. The document has one entry for each process, and several processes can share a folder. */
export function spoolersByFolder(spoolers: readonly Spooler[]): ReadonlyMap<string, Spooler[]> {
  const folders = new Map<string, Spooler[]>();
  for (const each of spoolers) {
    if (each.dir === null) continue;
    const known = folders.get(each.dir);
    if (known === undefined) folders.set(each.dir, [each]);
    else known.push(each);
  }
  return folders;
}
