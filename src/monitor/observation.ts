import { type Assessment, NOTHING_FOUND } from '../insights/assess.ts';
import type { Finding } from '../rates/finding.ts';
import { type History, NO_HISTORY } from '../rates/history.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import type { Usage } from '../rates/usage.ts';

/** How a target can be read. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** A file, or a pipe: its document is all there will be. */
  | { state: 'saved' }
  /** `since` is the Unix time of the last document; `retryAt` that of the next try; `advice` is sentences. */
  | { state: 'lost'; since: number | null; why: string; advice: string; retryAt: number };

/** Everything that is known about a server. */
export interface Observation {
  /** The target, as it was given. */
  target: string;
  connection: Connection;
  /** The last one, which the next one is compared with. */
  reading: Reading | null;
  /** What changed in the last interval. */
  sample: Sample | null;
  history: History;
  /** What is wrong, the worst first. */
  findings: readonly Finding[];
  /** What the rules keep from reading to reading. */
  watches: Assessment['watches'];
  /** How busy an app server is and was; empty of others. */
  usage: readonly Usage[];
  /** Growth of each worker's memory in bytes a minute (`memoryGrowth`), in the order of the document. */
  growth: readonly (number | null)[];
  /** Unix seconds of the last reset of the counters that was seen. */
  resetAt: number | null;
}

/** An observation with a document. */
export type Observed<Of extends Sample = Sample> = Observation & { sample: Of };

/** What is known of a target before the first event. */
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
