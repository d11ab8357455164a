import { unlistedChildren } from './children.ts';
import type { AppSample } from './sample.ts';

/** A daemon, or a child of the master that the document does not list, with the restarts of its process. */
export interface Restarted {
  /** The current pid, or the last known one. */
  pid: number;
  /** The command or name that findings use. Not sanitized, and secrets are not masked. */
  name: string;
  kind: 'daemon' | 'child';
  /** Number of pid changes seen. A process that starts and ends between two readings is missed. */
  count: number;
  /** Pid changes of the last `RESTART_SECONDS`, in Unix seconds, oldest first. */
  times: readonly number[];
  /** Unix seconds of the last sample in which it had a process. */
  seen: number;
}

/** Restarts by kind and name. Processes with the same kind and name share a key. */
export type Restarts = ReadonlyMap<string, readonly Restarted[]>;

/** The restarts before the first sample. */
export const NO_RESTARTS: Restarts = new Map();

/** Seconds for which pid changes are kept, and entries without a process. */
export const RESTART_SECONDS = 300;
/** Limits: pid changes kept for each entry (`MOST_TIMES`), and processes watched (`MOST_WATCHED`). */
const MOST_TIMES = 100;
const MOST_WATCHED = 1000;

/** A watched process. */
type Living = Pick<Restarted, 'pid' | 'name' | 'kind'>;

/**
 * The restarts after one more sample, counted by pid changes. uWSGI always writes 0 for the respawns of a daemon
 * (core/master_utils.c), and does not report mules and routers. A reset discards all earlier entries.
 */
export function restartsAfter(before: Restarts, sample: AppSample): Restarts {
  const known = sample.reset ? NO_RESTARTS : before;
  const living = new Map<string, Living[]>();
  for (const each of livingOf(sample).slice(0, MOST_WATCHED)) {
    const key = keyOf(each);
    const alike = living.get(key);
    if (alike) alike.push(each);
    else living.set(key, [each]);
  }
  const now = new Map<string, readonly Restarted[]>();
  for (const key of new Set([...known.keys(), ...living.keys()])) {
    const after = matched(known.get(key) ?? [], living.get(key) ?? [], sample.time);
    if (after.length > 0) now.set(key, after);
  }
  return now;
}

function livingOf(sample: AppSample): Living[] {
  const daemons = sample.snapshot.daemons.flatMap(({ pid, command }): Living[] =>
    pid === null ? [] : [{ kind: 'daemon', pid, name: command ?? '' }],
  );
  // Leave out programs that uWSGI started: one may be a cron that runs every minute.
  const children = unlistedChildren(sample).flatMap(({ process: { pid }, kind, name }): Living[] =>
    kind === 'child' && name !== null ? [] : [{ kind: 'child', pid, name: name ?? '' }],
  );
  return [...daemons, ...children];
}

function keyOf({ kind, name }: Living): string {
  return `${kind} ${name}`;
}

/**
 * Continues the known entries: an entry whose process has ended takes over a new process. The remaining new processes
 * get new entries.
 */
function matched(before: readonly Restarted[], living: readonly Living[], time: number): Restarted[] {
  const pids = new Set(living.map(({ pid }) => pid));
  const old = new Set(before.map(({ pid }) => pid));
  const fresh = living.filter(({ pid }) => !old.has(pid));
  const remaining = before.flatMap((each): Restarted[] => {
    const times = each.times.filter((at) => at <= time && time - at < RESTART_SECONDS);
    if (pids.has(each.pid)) return [{ ...each, times, seen: time }];
    const next = fresh.shift();
    if (next) {
      const changes = [...times, time].slice(-MOST_TIMES);
      return [{ ...each, pid: next.pid, count: each.count + 1, times: changes, seen: time }];
    }
    return time >= each.seen && time - each.seen < RESTART_SECONDS ? [{ ...each, times }] : [];
  });
  return [...remaining, ...fresh.map((each) => ({ ...each, count: 0, times: [], seen: time }))];
}

/**
 * Number of pid changes before this process; `null` if it is not watched. If a single entry has this kind and name, its
 * count is returned for any pid.
 */
export function restartsOf(
  restarts: Restarts,
  kind: Restarted['kind'],
  name: string,
  pid: number | null,
): number | null {
  const alike = restarts.get(`${kind} ${name}`) ?? [];
  const found = alike.find((each) => each.pid === pid) ?? (alike.length === 1 ? alike[0] : undefined);
  return found?.count ?? null;
}
