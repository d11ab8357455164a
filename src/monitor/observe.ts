import { assess, type LevelChanges } from '../insights/assess.ts';
import type { PathPatterns } from '../insights/paths/pattern.ts';
import { profileAfter } from '../insights/paths/profile.ts';
import { withoutEndedRequests } from '../rates/ended-requests.ts';
import { markLost, remember, withMarks } from '../rates/history.ts';
import type { LongPatterns } from '../rates/long.ts';
import { sampleOf } from '../rates/rates.ts';
import type { Reading } from '../rates/sample.ts';
import { withHost } from '../rates/with-host.ts';
import { writingTimeOf } from '../rates/written.ts';
import { TargetError } from '../sources/errors.ts';
import type { DocumentEvent, FailureEvent, SourceEvent } from '../sources/source.ts';
import { eventsAfter, eventsAfterFailure, marksOf } from './events.ts';
import type { Observation, Observed } from './observation.ts';

/** Settings of the user. */
export interface ObserveOptions {
  /** Levels of findings that differ from the defaults. */
  levels?: LevelChanges | undefined;
  /** Longest time in seconds before a condition becomes a finding (see `assess`). */
  maxWait?: number | undefined;
  /** Paths of requests that are long on purpose. */
  long?: LongPatterns | undefined;
  /** Patterns of paths that are counted together. */
  paths?: PathPatterns | undefined;
}

/** The observation of a target after one more event. */
export function observe(before: Observation, event: SourceEvent, options: ObserveOptions = {}): Observation {
  return event.kind === 'document' ? observeDocument(before, event, options) : observeFailure(before, event);
}

/** The observation of a target after an event with a document. */
export function observeDocument(
  before: Observation,
  event: DocumentEvent,
  { levels, maxWait, long, paths }: ObserveOptions = {},
): Observed {
  const reading = readingOf(event);
  const sample = sampleOf(before.target, reading, before.reading, long);
  const history = remember(before.history, sample);
  const { findings, watches } = assess(before, { sample, history }, levels, maxWait);
  const recorded = eventsAfter(before, { reading, sample, history, watches });
  return {
    target: before.target,
    connection: { state: event.origin === 'server' ? 'live' : 'saved' },
    reading,
    sample,
    history: withMarks(history, marksOf(before, recorded)),
    findings,
    watches,
    ...recorded,
    paths: sample.kind === 'app' ? profileAfter(before.paths, sample, reading.clock, paths) : before.paths,
    resetAt: sample.reset ? sample.time : before.resetAt,
    vassals: before.vassals,
  };
}

function observeFailure(before: Observation, { error, time, retryAt }: FailureEvent): Observation {
  const { cause: why, advice } = error instanceof TargetError ? error : { cause: error.message, advice: '' };
  const since = before.reading?.time ?? null;
  return {
    ...before,
    connection: { state: 'lost', since, why, advice, retryAt },
    history: markLost(before.history),
    ...eventsAfterFailure(before, why, time),
  };
}

/** The reading of an event with a document. */
export function readingOf({ snapshot, origin, time, clock, clockError, host }: DocumentEvent): Reading {
  const written =
    origin === 'server' ? { time } : writingTimeOf(snapshot, { time, piped: origin === 'pipe' });
  return {
    snapshot:
      snapshot.kind === 'app' ? withoutEndedRequests(withHost(snapshot, host), written.time) : snapshot,
    ...written,
    clock,
    clockError,
    host,
  };
}
