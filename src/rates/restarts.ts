import { unlistedChildren } from './children.ts';
import type { AppSample } from './sample.ts';

/** A daemon, or a child of the master that the document does not list, over the lives of its processes. */
export interface Restarted {
  /** The process that it has, or had last. */
  pid: number;
  /** What it is called in findings: a command, or a name. Not clean, not masked. */
  name: string;
  kind: 'daemon' | 'child';
  /** Changes of its pid that were seen: a process that ends between two readings is not. */
  count: number;
  /** Unix seconds of the last changes, oldest first: of the last `RESTART_SECONDS`. */
  times: readonly number[];
  /** Unix seconds when it last had a process. */
  seen: number;
}

/** By kind and name: those that cannot be told apart by them stand together. */
export type Restarts = ReadonlyMap<string, readonly Restarted[]>;

export const NO_RESTARTS: Restarts = new Map();

/** Seconds for which changes are kept, and those that have no process. */
export const RESTART_SECONDS = 300;
/** Changes of one that are kept, and processes that are watched, at most. */
const MOST_TIMES = 100;
const MOST_WATCHED = 1000;

/** A process that is watched. */
type Living = Pick<Restarted, 'pid' | 'name' | 'kind'>;

/**
 * What is known after one more sample. uWSGI always writes 0 for the respawns of a daemon (core/master_utils.c), and
 * does not tell of mules and routers, so changes of their pids are counted. After a reset all of them are new.
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
  // A program that uWSGI started may be a cron that is started each minute.
  const children = unlistedChildren(sample).flatMap(({ process: { pid }, kind, name }): Living[] =>
    kind === 'child' && name !== null ? [] : [{ kind: 'child', pid, name: name ?? '' }],
  );
  return [...daemons, ...children];
}

function keyOf({ kind, name }: Living): string {
  return `${kind} ${name}`;
}

/** Those that go on, with a new process in the place of each that is gone. */
function matched(before: readonly Restarted[], living: readonly Living[], time: number): Restarted[] {
  const pids = new Set(living.map(({ pid }) => pid));
  const old = new Set(before.map(({ pid }) => pid));
  const fresh = living.filter(({ pid }) => !old.has(pid));
  const kept = before.flatMap((each): Restarted[] => {
    const times = each.times.filter((at) => at <= time && time - at < RESTART_SECONDS);
    if (pids.has(each.pid)) return [{ ...each, times, seen: time }];
    const next = fresh.shift();
    if (next) {
      const changes = [...times, time].slice(-MOST_TIMES);
      return [{ ...each, pid: next.pid, count: each.count + 1, times: changes, seen: time }];
    }
    return time >= each.seen && time - each.seen < RESTART_SECONDS ? [{ ...each, times }] : [];
  });
  return [...kept, ...fresh.map((each) => ({ ...each, count: 0, times: [], seen: time }))];
}

/** How often the process of that pid was preceded by another one; `null` when it is not watched. */
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
