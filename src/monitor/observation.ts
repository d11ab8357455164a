import { type Assessment, NOTHING_FOUND } from '../insights/assess.ts';
import type { Finding } from '../rates/finding.ts';
import { type History, NO_HISTORY } from '../rates/history.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import type { Usage } from '../rates/usage.ts';

/** State of the connection to a target. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** A file or a pipe. No further document follows. */
  | { state: 'saved' }
  /**
   * `since` is the Unix time of the last document, and `retryAt` that of the next try. `advice` consists of sentences.
   */
  | { state: 'lost'; since: number | null; why: string; advice: string; retryAt: number };

/** All data about one target. */
export interface Observation {
  /** The target, as the user gave it. */
  target: string;
  connection: Connection;
  /** The last reading, which the next one is compared with. */
  reading: Reading | null;
  /** The last sample: the changes in the last interval. */
  sample: Sample | null;
  history: History;
  /** Current findings, most severe first. */
  findings: readonly Finding[];
  /** State that the rules keep between samples. */
  watches: Assessment['watches'];
  /** The load of an app server over several periods; empty for other kinds. */
  usage: readonly Usage[];
  /** Growth of each worker's memory in bytes per minute (`memoryGrowth`), in the order of the document. */
  growth: readonly (number | null)[];
  /** Unix seconds of the last sample in which a reset of the counters was seen. */
  resetAt: number | null;
}

/** An observation with a document. */
export type Observed<Of extends Sample = Sample> = Observation & { sample: Of };

/** The observation of a target before the first event. */
export function nothingObserved(target: string): Observation {
  return {
    target,
    connection: { state: 'connecting' },
    reading: null,
    sample: null,
    history: NO_HISTORY,
    findings: NOTHING_FOUND.findings,
    watches: NOTHING_FOUND.watches,
    usage: [],
    growth: [],
    resetAt: null,
  };
}

/** Whether a document has arrived. */
export function isObserved<Of extends Observation>(observation: Of): observation is Of & Observed {
  return observation.sample !== null;
}

/** Observations by target. */
export type Fleet = ReadonlyMap<string, Observation>;
