import type { Spooler } from '../stats/snapshot.ts';
import type { AppSample } from './sample.ts';

/** A stretch in which no fewer tasks wait in a folder than at its beginning. */
export interface Backlog {
  /** Unix seconds of its beginning. */
  since: number;
  /** Tasks in the folder then. */
  waiting: number;
  /** Tasks that its spoolers had tried by then, and have tried by now. */
  triedThen: number;
  tried: number;
}

/** By the folder. */
export type Backlogs = ReadonlyMap<string, Backlog>;

export const NO_BACKLOGS: Backlogs = new Map();

/**
 * What is known after one more sample. `tasks` of a spooler counts each try, also of tasks that fail and are tried
 * again (core/spooler.c; seen on 2.0.21), so only the files that wait tell whether tasks get done.
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

/** A document has an entry for each process of a folder. */
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
