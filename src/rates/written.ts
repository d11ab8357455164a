import type { Snapshot } from '../stats/snapshot.ts';

/** When a document was written. */
export interface WritingTime {
  /** Unix seconds. */
  time: number;
  /**
   * Whether `time` is known. Else it is the latest instant in the document, which was written then or later: ages
   * are at least what they seem, and the age of that instant is unknown.
   */
  timeIsExact: boolean;
}

/** Seconds by which a file that is written at once can be younger than its document's latest instant. */
const FILE_DELAY = 2;
/**
 * Seconds by which a document from a pipe can be younger than its latest instant. It is most likely live, and an idle
 * server with one stuck request has no later instant than the start of that request.
 */
const PIPE_DELAY = 86_400;

/** Where a document without a server comes from. */
export interface SavedDocument {
  /** Unix seconds: when the file was last changed, or when the pipe was read. */
  time: number;
  piped: boolean;
}

/**
 * When a document that was saved was written. A document does not say it, and the file can have been copied since. The
 * time of the file or pipe counts when the document has an instant shortly before it.
 */
export function writingTimeOf(
  snapshot: Snapshot,
  { time: saved, piped }: SavedDocument,
): WritingTime & { saved: true } {
  let latest: number | null = null;
  // An instant after the file was saved is not true.
  const see = (instant: number | null) => {
    if (instant !== null && instant <= saved + 1 && instant > (latest ?? 0)) latest = instant;
  };
  for (const instant of instantsOf(snapshot)) see(instant);
  if (latest === null) return { time: saved, timeIsExact: false, saved: true };
  const isConfirmed = saved - latest <= (piped ? PIPE_DELAY : FILE_DELAY);
  return { time: isConfirmed ? saved : latest, timeIsExact: isConfirmed, saved: true };
}

/**
 * Whether the time of a saved document that is not exact is its latest instant, so that it was written then or later.
 * Else it has no instant, and was written at that time or earlier.
 */
export function isEarliestTime(snapshot: Snapshot, time: number): boolean {
  for (const instant of instantsOf(snapshot))
    if (instant !== null && instant > 0 && instant <= time + 1) return true;
  return false;
}

/** Instants of a document that lie before it was written. */
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

/** Seconds since an instant, never negative; `null` when that is unknown. */
export function ageOf({ time, timeIsExact }: WritingTime, instant: number | null): number | null {
  if (instant === null || (!timeIsExact && instant >= time)) return null;
  return Math.max(0, time - instant);
}
