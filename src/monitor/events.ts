import type { Assessment } from '../insights/assess.ts';
import type { History } from '../rates/history.ts';
import type { Mark } from '../rates/point.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import { withCheaper, withCheaperEnd } from './events/cheaper.ts';
import { withDocument, withFailure } from './events/connection.ts';
import { withFindings } from './events/findings.ts';
import { aged, type Log } from './events/log.ts';
import { withJobs, withVassals } from './events/others.ts';
import { waitingIn, withNewRun, withWaiting } from './events/runs.ts';
import { type Change, changesOf, withProcesses } from './events/workers.ts';
import type { Observation } from './observation.ts';
import { type Kept, NOBODY, type Recorded, split } from './traces.ts';

/** What a document shows. */
interface Seen {
  reading: Reading;
  sample: Sample;
  history: History;
  watches: Assessment['watches'];
}

/** The events after a document of a server. A document from a file or a pipe has no events. */
export function eventsAfter(before: Observation, seen: Seen): Recorded {
  const { events, traces } = before;
  const { sample, watches } = seen;
  if (sample.saved) return { events, traces };
  const now = sample.time;
  const first = traces.first ?? now;
  const log = withDocument(aged({ events, ...traces }, now), before.connection, now);
  const after =
    before.reading === null ? { log, ...traces } : compared(log, traces, before.reading, seen, now);
  const { waiting, cheaper, killed } = after;
  const kept = { first, waiting, cheaper, killed };
  return split(withFindings(after.log, before.watches, watches, first, now), kept);
}

type Compared = Omit<Kept, 'first'> & { log: Log };

/** What two readings show when they are compared. */
function compared(
  log: Log,
  traces: Kept,
  before: Reading,
  { reading, history, sample }: Seen,
  now: number,
): Compared {
  const [old, snapshot] = [before.snapshot, reading.snapshot];
  if (sample.reset) {
    const next = withCheaperEnd(withNewRun(log, old, snapshot, traces.waiting, now), traces.cheaper);
    return { log: next, waiting: null, cheaper: null, killed: NOBODY };
  }
  if (snapshot.kind === 'emperor' && old.kind === 'emperor')
    return { ...traces, log: withVassals(log, old, snapshot, history, now) };
  if (snapshot.kind !== 'app' || old.kind !== 'app') return { ...traces, log };
  const waiting = waitingIn(traces.waiting, snapshot, now);
  const changes = changesOf(old, snapshot);
  let next = withWaiting(log, waiting, snapshot, now);
  next = withProcesses(next, changes, before, traces.killed, now);
  next = withJobs(next, old, snapshot, history, now);
  const cheaper = withCheaper(next, traces.cheaper, snapshot, changes, now);
  return { log: cheaper.log, waiting, cheaper: cheaper.run, killed: killedAfter(traces.killed, changes) };
}

/** The marks of new events in the charts. `rates/history` sets those of resets, harakiris and respawns. */
export function marksOf({ traces }: Pick<Observation, 'traces'>, { events }: Recorded): Mark[] {
  const kinds = events.filter(({ id }) => id >= traces.next).map(({ kind }) => kind);
  return [
    ...(kinds.includes('began') ? (['finding'] as const) : []),
    ...(kinds.includes('cheaper') ? (['cheaper'] as const) : []),
  ];
}

/** uWSGI counts a harakiri before it starts the next process. */
function killedAfter(killed: ReadonlySet<number>, changes: readonly Change[]): ReadonlySet<number> {
  if (changes.length === 0) return killed;
  const next = new Set(killed);
  for (const { after, harakiris, starts } of changes) {
    if (starts > 0) next.delete(after.id);
    if (harakiris > starts) next.add(after.id);
  }
  return next;
}

/** The events after a failed read. */
export function eventsAfterFailure(before: Observation, why: string, now: number): Recorded {
  const { events, traces } = before;
  const { first, waiting, cheaper, killed } = traces;
  const log = withFailure(aged({ events, ...traces }, now), before.connection, why, now);
  return split(log, { first, waiting, cheaper, killed });
}
