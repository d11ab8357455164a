import type { PathShares } from '../insights/paths/shares.ts';
import type { SlowRequest } from '../monitor/digest/slowest.ts';
import type { Numbers } from '../monitor/digest/tally.ts';
import type { Event } from '../monitor/event.ts';
import type { Sample } from '../rates/sample.ts';
import type { Period } from './periods.ts';

/** A part of a recording in short. Texts are not sanitized, and secrets can be in them. */
export interface Summary extends Period {
  /** The recording, as the user gave it. */
  recording: string;
  /** Seconds of a whole period. */
  length: number;
  periods: readonly Period[];
  servers: readonly ServerSummary[];
  /** The numbers of all servers together: in each period, and in the whole time. */
  totals: readonly Numbers[];
  total: Numbers;
  /** The paths of the requests of all servers. */
  paths: PathShares;
}

/** One server of a summary. */
export interface ServerSummary {
  target: string;
  /** Unique in the recording at one time. */
  name: string;
  /** The machine that it runs on. */
  node: string;
  /** Kind of its last document; `null` without one. */
  kind: Sample['kind'] | null;
  /** Why it could not be read at all; `null` for other servers. */
  closed: string | null;
  documents: number;
  /** Number of failed reads. */
  failures: number;
  /** Times without a read: the recorder did not run, or a part of the recording is lost. */
  gaps: readonly Period[];
  omittedGaps: number;
  /** In each period, and in the whole time. */
  periods: readonly Numbers[];
  total: Numbers;
  /** By the time at which they were seen. */
  events: readonly Event[];
  omittedEvents: number;
  /** Oldest first. */
  slowest: readonly SlowRequest[];
  paths: PathShares;
}
