import type { Snapshot } from '../stats/snapshot.ts';

/** The time at which a document was written. */
export interface WritingTime {
  /** Unix seconds. */
  time: number;
  /**
   * Whether `time` is exact. If not, it is the latest instant in the document, and the document was written then or
   * later. Ages are then lower bounds, and the age of that instant is unknown.
   */
  timeIsExact: boolean;
}

/**
 * Largest difference in seconds between the time of a file and the latest instant of its document, for a file that was
 * written at once.
 */
const FILE_DELAY = 2;
/**
 * Largest difference in seconds between the time of a piped document and its latest instant. A piped document is most
 * likely live, but the latest instant of an idle server can be the start of a stuck request.
 */
const PIPE_DELAY = 86_400;

/** The source of a document that does not come from a server. */
export interface SavedDocument {
  /** Unix seconds: the modification time of the file, or the time at which the pipe was read. */
  time: number;
  piped: boolean;
}

/**
 * When a saved document was written. The document does not contain this time, and the file may have been copied since.
 * The time of the file or pipe is used if the document contains an instant shortly before it.
 */
export function writingTimeOf(
  snapshot: Snapshot,
  { time: saved, piped }: SavedDocument,
): WritingTime & { saved: true } {
  let latest: number | null = null;
  // An instant after the time of the file cannot be correct.
  const see = (instant: number | null) => {
    if (instant !== null && instant <= saved + 1 && instant > (latest ?? 0)) latest = instant;
  };
  for (const instant of instantsOf(snapshot)) see(instant);
  if (latest === null) return { time: saved, timeIsExact: false, saved: true };
  const isConfirmed = saved - latest <= (piped ? PIPE_DELAY : FILE_DELAY);
  return { time: isConfirmed ? saved : latest, timeIsExact: isConfirmed, saved: true };
}

/**
 * Whether the inexact time of a saved document is a lower bound. If the document contains an instant, it was written
 * then or later. Otherwise it was written at that time or earlier.
 */
export function isEarliestTime(snapshot: Snapshot, time: number): boolean {
  for (const instant of instantsOf(snapshot))
    if (instant !== null && instant > 0 && instant <= time + 1) return true;
  return false;
}

/** The instants in a document. Each precedes the time at which the document was written. */
function* instantsOf(snapshot: Snapshot): Generator<number | null> {
  switch (snapshot.kind) {
    case 'app':
      for (const { lastSpawn, cores } of snapshot.workers) {
        yield lastSpawn;
        for (const { requestStart } of cores) yield requestStart;
      }
      for (const { startedAt } of snapshot.crons) yield startedAt;
      for (const { lastModified } of snapshot.caches) yield lastModified;
      return;
    case 'emperor':
      for (const { lastHeartbeat, lastLoyal, lastReady, lastAccepting, lastRun } of snapshot.vassals) {
        yield lastHeartbeat;
        yield lastLoyal;
        yield lastReady;
        yield lastAccepting;
        yield lastRun;
      }
      for (const { lastAttempt } of snapshot.blacklist) yield lastAttempt;
      return;
    case 'router':
      for (const { nodes } of snapshot.subscriptions) for (const { lastCheck } of nodes) yield lastCheck;
  }
}

/** Seconds since an instant, never negative; `null` if unknown. */
export function ageOf({ time, timeIsExact }: WritingTime, instant: number | null): number | null {
  if (instant === null || (!timeIsExact && instant >= time)) return null;
  return Math.max(0, time - instant);
}
