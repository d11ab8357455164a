import { NO_PROFILE, profileAfter } from '../../src/insights/paths/profile.ts';
import { nothingObserved, type Observation, type Observed } from '../../src/monitor/observation.ts';
import { type ObserveOptions, observeDocument } from '../../src/monitor/observe.ts';
import type { History } from '../../src/rates/history.ts';
import type { Reading, Sample } from '../../src/rates/sample.ts';
import type { DocumentEvent } from '../../src/sources/source.ts';

/** The observation of a server that answers, with this sample. */
export function observed<Of extends Sample>(sample: Of, given: Partial<Observation> = {}): Observed<Of> {
  const connection = { state: 'live' } as const;
  return { ...nothingObserved(sample.target), connection, ...given, sample };
}

/** The same, with a history. */
export function observedWith<Of extends Sample>(
  sample: Of,
  history: History,
  given: Partial<Observation> = {},
): Observed<Of> {
  const isApp = sample.kind === 'app';
  return observed(sample, {
    history,
    paths: isApp ? profileAfter(NO_PROFILE, sample, 0) : NO_PROFILE,
    ...given,
  });
}

/** The event of a document that a server sent, for this reading. */
export function eventOf({ snapshot, time, clock, clockError = 0, host = null }: Reading): DocumentEvent {
  const document = new Uint8Array();
  return { kind: 'document', document, snapshot, origin: 'server', time, clock, clockError, host };
}

/** The observation of a server after these readings. */
export function observing(
  target: string,
  [first, ...others]: readonly [Reading, ...Reading[]],
  options?: ObserveOptions,
): Observed {
  return others.reduce<Observed>(
    (before, reading) => observeDocument(before, eventOf(reading), options),
    observeDocument(nothingObserved(target), eventOf(first), options),
  );
}
