import type { EmperorSample } from './sample.ts';

/** How often a vassal was started again, as far as that was seen. */
export interface VassalStarts {
  /** Unix seconds of the starts that were seen, oldest first: of the last minutes, and of those the last ones. */
  starts: readonly number[];
  /** It was ready, or served requests, before one of them. */
  wasReady: boolean;
  /** What tells one life of the vassal from the next: unix seconds of its first start, else the pid. */
  life: number | null;
  /** The life that it is in now was ready at some time. */
  isReady: boolean;
  /** Unix seconds when it was last in a document. */
  seen: number;
}

/** By the id of the vassal. */
export type Starts = ReadonlyMap<string, VassalStarts>;

export const NO_STARTS: Starts = new Map();

/** Seconds for which starts are kept, and vassals that are gone. */
export const STARTS_SECONDS = 300;
/** Starts of one vassal, and vassals that are gone, that are kept at most. */
const MOST_STARTS = 100;
const MOST_GONE = 1000;

/**
 * What is known after one more sample of an emperor. A vassal that dies is put away by the emperor and made anew
 * (`emperor_add` in core/emperor.c): it has another `first_run`, and counts its `respawns` from 0 again. A reload keeps
 * both process and `first_run`, and so does an on-demand vassal that sleeps and wakes up.
 */
export function startsAfter(before: Starts, { snapshot, time, reset }: EmperorSample): Starts {
  const known = reset ? NO_STARTS : before;
  const now = new Map<string, VassalStarts>();
  const repeated = new Set<string>();
  for (const vassal of snapshot.vassals) {
    // The emperor has no two of one name; if it had, they could not be told apart.
    if (now.has(vassal.id)) repeated.add(vassal.id);
    const old = known.get(vassal.id);
    const life = vassal.firstRun ?? vassal.pid ?? old?.life ?? null;
    const isReady = vassal.ready === true || vassal.accepting === true || vassal.loyal === true;
    const isNew = old !== undefined && old.life !== null && life !== null && life !== old.life;
    const starts = isNew ? [...old.starts, time] : (old?.starts ?? []);
    const kept = recentOf(starts, time);
    now.set(vassal.id, {
      starts: kept,
      wasReady: kept.length > 0 && (old?.wasReady === true || (isNew && old.isReady)),
      life,
      isReady: isReady || (!isNew && old?.isReady === true),
      seen: time,
    });
  }
  for (const id of repeated) now.delete(id);
  const gone = [...known].filter(
    ([id, { seen }]) => !now.has(id) && !repeated.has(id) && isRecent(seen, time),
  );
  for (const [id, each] of gone.slice(-MOST_GONE))
    now.set(id, { ...each, starts: recentOf(each.starts, time) });
  return now;
}

function recentOf(starts: readonly number[], now: number): readonly number[] {
  if (starts.length === 0) return starts;
  return starts.filter((start) => isRecent(start, now)).slice(-MOST_STARTS);
}

/** Not when the clock was set back. */
function isRecent(time: number, now: number): boolean {
  return time <= now && now - time < STARTS_SECONDS;
}
