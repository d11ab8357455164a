import type { HostReading } from '../host/reading.ts';
import type { Parsed } from '../stats/decode.ts';
import type { Snapshot } from '../stats/snapshot.ts';

/** The time of a source, in seconds. A recording has its own clock. */
export interface Clock {
  /** Unix time, used for ages. */
  wall(): number;
  /** Seconds of the monotonic clock, used for rates. */
  monotonic(): number;
}

/**
 * The clocks of this machine. The monotonic clock has no fixed beginning, so compare it with no other one, such as
 * `performance.now()`, whose first use loads other modules of Node.js.
 */
export const SYSTEM_CLOCK: Clock = {
  wall: () => Date.now() / 1000,
  monotonic: () => Number(process.hrtime.bigint()) / 1e9,
};

/** The origin of a document. A server can send another document; a file or a pipe has only one. */
export type Origin = 'server' | 'pipe' | 'file';

/** One complete stats document. */
export interface DocumentEvent {
  kind: 'document';
  /** The document as the server sent it, without HTTP headers. */
  document: Uint8Array;
  snapshot: Snapshot;
  /** The JSON of the document, if `SourceOptions.keepsJson` is set. A recorder masks its texts. */
  parsed?: Parsed;
  origin: Origin;
  /** Unix seconds: when the document arrived, or when its file was last changed. */
  time: number;
  /** When the document arrived, in monotonic seconds. */
  clock: number;
  /** Largest possible error of both times in seconds: see `Exchange`. */
  clockError: number;
  /** What this machine's kernel reports about the same server; `null` unless the server is known to run here. */
  host: HostReading | null;
}

/** A read that returned no document. */
export interface FailureEvent {
  kind: 'failure';
  /** A `TargetError`, unless the cause is a defect of this program. */
  error: Error;
  /** Unix seconds: `time` is when the read failed, `retryAt` is when the next read is due. */
  time: number;
  retryAt: number;
}

/** An event of a source. */
export type SourceEvent = DocumentEvent | FailureEvent;

/** A target that is read repeatedly, or once if it does not change. */
export interface Source {
  readonly clock: Clock;
  /**
   * Whether a document is due or arriving, or the first one is being decoded. Slow work should wait, because the server's
   * master is blocked until the document is complete. A frame without the first document would soon be outdated.
   */
  readonly receiving: boolean;
  /**
   * Returns the events from now on, in order. The iteration ends when the signal aborts, which also cancels the read in
   * progress. It also ends after the document of a file or a pipe. A later call keeps what is known about the server.
   */
  events(signal: AbortSignal): AsyncIterable<SourceEvent>;
  /** Call this after a change of the interval. The next read is then due one interval after the last one. */
  reschedule(): void;
}
