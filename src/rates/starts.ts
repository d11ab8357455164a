import type { EmperorSample } from './sample.ts';

/** The restarts of a vassal that were seen. */
export interface VassalStarts {
  /** Restarts of the last `STARTS_SECONDS`, in Unix seconds, oldest first; at most `MOST_STARTS`. */
  starts: readonly number[];
  /** Whether the vassal was ready, or served requests, before one of these restarts. */
  wasReady: boolean;
  /** Identifies the current run of the vassal: Unix seconds of its first start; if that is unknown, the pid. */
  life: number | null;
  /** Whether the vassal has been ready during the current run. */
  isReady: boolean;
  /** Unix seconds of the last document that listed the vassal. */
  seen: number;
}

/** Restarts by the id of the vassal. */
export type Starts = ReadonlyMap<string, VassalStarts>;

/** The restarts before the first sample. */
export const NO_STARTS: Starts = new Map();

/** Seconds for which restarts are kept, and vassals that have disappeared. */
export const STARTS_SECONDS = 300;
/** Limits: restarts kept for each vassal (`MOST_STARTS`), and disappeared vassals kept (`MOST_GONE`). */
const MOST_STARTS = 100;
const MOST_GONE = 1000;

/**
 * The restarts after one more sample of an emperor. The emperor removes a vassal that dies and adds it again
 * (`emperor_add` in core/emperor.c). The vassal then has another `first_run`, and its `respawns` start at 0. A reload
 * keeps both the process and `first_run`, and so does an on-demand vassal that goes to sleep and wakes up.
 */
export function startsAfter(before: Starts, { snapshot, time, reset }: EmperorSample): Starts {
  const known = reset ? NO_STARTS : before;
  const now = new Map<string, VassalStarts>();
  const repeated = new Set<string>();
  for (const vassal of snapshot.vassals) {
    // Discard vassals with the same id, because they cannot be distinguished. An emperor never has two.
    if (now.has(vassal.id)) repeated.add(vassal.id);
    const old = known.get(vassal.id);
    const life = vassal.firstRun ?? vassal.pid ?? old?.life ?? null;
    const isReady = vassal.ready === true || vassal.accepting === true || vassal.loyal === true;
    const isNew = old !== undefined && old.life !== null && life !== null && life !== old.life;
    const starts = isNew ? [...old.starts, time] : (old?.starts ?? []);
    const recent = recentOf(starts, time);
    now.set(vassal.id, {
      starts: recent,
      wasReady: recent.length > 0 && (old?.wasReady === true || (isNew && old.isReady)),
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

/** Whether a time is at most `STARTS_SECONDS` ago. False for a time after `now`: the clock was set back. */
function isRecent(time: number, now: number): boolean {
  return time <= now && now - time < STARTS_SECONDS;
}
