import { byUrgency } from '../insights/assess.ts';
import { sampleOf } from '../rates/rates.ts';
import type { DocumentEvent } from '../sources/source.ts';
import { EVENTS, TRACES, WATCHES } from './checkpoint-events.ts';
import { CONNECTION, HISTORY } from './checkpoint-forms.ts';
import { PROFILE } from './checkpoint-paths.ts';
import { FormError, nullable, number, object } from './forms.ts';
import { nothingObserved, type Observation } from './observation.ts';
import { type ObserveOptions, readingOf } from './observe.ts';

/** What an observation contains besides its last two documents and what follows from them. */
type Kept = Pick<
  Observation,
  'connection' | 'history' | 'watches' | 'events' | 'traces' | 'paths' | 'resetAt'
>;

const KEPT = object<Kept>({
  connection: CONNECTION,
  history: HISTORY,
  watches: WATCHES,
  events: EVENTS,
  traces: TRACES,
  paths: PROFILE,
  resetAt: nullable(number),
});

/** The last two documents of an observation, oldest first; fewer if there were not as many. */
export type LastDocuments = readonly DocumentEvent[];

/**
 * Returns what is needed to go on with an observation later, besides its last two documents. The form is JSON, but
 * numbers can be NaN or infinite. It changes with the version of statstop.
 */
export function checkpointOf(observation: Observation): unknown {
  return KEPT.write(observation);
}

/**
 * Returns the observation of a checkpoint. It equals the observation that the checkpoint was made of, and `observe`
 * continues it with the same results.
 *
 * @param checkpoint what `checkpointOf` of the same version of statstop returned. It can come from a stranger.
 * @returns `null` if the checkpoint does not have the form of this version
 */
export function restored(
  target: string,
  checkpoint: unknown,
  documents: LastDocuments,
  { long }: Pick<ObserveOptions, 'long'> = {},
): Observation | null {
  const kept = keptIn(checkpoint);
  if (kept === null) return null;
  const nothing = nothingObserved(target);
  const [previous = null, last = null] = documents.slice(-2).map(readingOf);
  const reading = last ?? previous;
  if (reading === null) return { ...nothing, ...kept };
  const sample = sampleOf(target, reading, last === null ? null : previous, long);
  return {
    ...nothing,
    ...kept,
    reading,
    sample,
    findings: byUrgency([...kept.watches.values()].flatMap(({ finding }) => finding ?? [])),
  };
}

function keptIn(checkpoint: unknown): Kept | null {
  try {
    return KEPT.read(checkpoint);
  } catch (error) {
    if (error instanceof FormError) return null;
    throw error;
  }
}
