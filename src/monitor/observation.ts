import { type Assessment, NOTHING_FOUND } from '../insights/assess.ts';
import { NO_PROFILE, type Profile } from '../insights/paths/profile.ts';
import type { Changes } from '../rates/changes.ts';
import type { Finding } from '../rates/finding.ts';
import { type History, NO_HISTORY } from '../rates/history.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import type { Event } from './event.ts';
import { NOTHING_RECORDED, type Traces } from './traces.ts';

/** State of the connection to a target. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** A file or a pipe. No further document follows. */
  | { state: 'saved' }
  /**
   * `since` is the Unix time of the last document, and `retryAt` that of the next try. `advice` consists of sentences.
   */
  | { state: 'lost'; since: number | null; why: string; advice: string; retryAt: number }
  /** A server that is known to run, but whose statistics cannot be read. It is not tried again. */
  | { state: 'closed'; why: string; advice: string };

/** What a screen can show: one server, or all servers of a fleet. */
export type Subject = Sample | FleetSample;

/** A server of a fleet. */
export interface Member {
  /** Short name, unique in the fleet. */
  name: string;
  observation: Observation;
  figures: Figures;
}

/**
 * The main numbers of one server, or their totals over all servers. `null` is unknown. An unknown number of one server
 * is not part of a total.
 */
export interface Figures {
  /** Requests per second. */
  rps: number | null;
  /** Requests per second that `runningTime` covers: all but static files. */
  timedRps: number | null;
  /** Seconds of running time per second. */
  runningTime: number | null;
  busy: number | null;
  cores: number | null;
  queue: number | null;
  maxQueue: number | null;
  /** Events per minute. */
  exceptions: number | null;
  harakiris: number | null;
  respawns: number | null;
  /** Bytes sent per second. */
  tx: number | null;
  /** Cores in a request that is long on purpose. */
  long: number | null;
  /** Processors in use. */
  cpu: number | null;
  /** Resident memory of the workers in bytes. */
  memory: number | null;
}

/** All servers at one time. */
export interface FleetSample {
  kind: 'fleet';
  /** Unix seconds. */
  time: number;
  timeIsExact: true;
  saved: false;
  /** Seconds between two readings of a server; `null` as long as no server has rates. */
  interval: number | null;
  reset: false;
  /** In the order of the command line. */
  members: readonly Member[];
  totals: Figures;
}

/** All data about one target, or about all targets of a fleet. */
export interface Observation<Of extends Subject = Sample> {
  /** The target, as the user gave it. */
  target: string;
  connection: Connection;
  /** The last reading, which the next one is compared with. */
  reading: Reading | null;
  /** The last sample: the changes in the last interval. */
  sample: Of | null;
  history: History;
  /** Current findings, most severe first. */
  findings: readonly Finding[];
  /** State that the rules keep between samples. */
  watches: Assessment['watches'];
  /** Events since the first reading, oldest first. Their number is limited (`MOST_EVENTS`). */
  events: readonly Event[];
  /** State that the next events are computed from. */
  traces: Traces;
  /** Where the time of the requests goes, by path; of app servers. */
  paths: Profile;
  /** Unix seconds of the last sample in which a reset of the counters was seen. */
  resetAt: number | null;
  /** For an emperor: the servers that are read, too, by the pid of their master. Some are its vassals. */
  vassals: ReadonlyMap<number, Member>;
  /** What happened since an earlier run of `check --state`; absent without one. */
  changes?: Changes;
}

/** An observation with a document. */
export type Observed<Of extends Subject = Sample> = Observation<Of> & { sample: Of };

/** The observation of a target before the first event. */
export function nothingObserved(
  target: string,
  connection: Connection = { state: 'connecting' },
): Observation {
  return {
    target,
    connection,
    reading: null,
    sample: null,
    history: NO_HISTORY,
    findings: NOTHING_FOUND.findings,
    watches: NOTHING_FOUND.watches,
    ...NOTHING_RECORDED,
    paths: NO_PROFILE,
    resetAt: null,
    vassals: NO_VASSALS,
  };
}

const NO_VASSALS: Observation['vassals'] = new Map();

/** Whether a document has arrived. */
export function isObserved<Of extends { sample: unknown }>(
  observation: Of,
): observation is Of & { sample: NonNullable<Of['sample']> } {
  return observation.sample !== null;
}

/** Whether the sample of a server is that of its last read. It is out of date if the connection is lost. */
export function isCurrent(observation: Observation): observation is Observed {
  return isObserved(observation) && observation.connection.state !== 'lost';
}
