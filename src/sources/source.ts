import type { HostReading } from '../host/reading.ts';
import type { Snapshot } from '../stats/snapshot.ts';
import type { Target } from '../targets/target.ts';

/** Time as a source tells it, in seconds. A recording has its own. */
export interface Clock {
  /** Unix time: what the ages of instants are measured with. */
  wall(): number;
  /** Seconds of a clock that is never set: what rates are computed with. */
  monotonic(): number;
}

/** Clocks of this machine. */
export const MACHINE_CLOCK: Clock = {
  wall: () => Date.now() / 1000,
  monotonic: () => performance.now() / 1000,
};

/** What a document came from. A server will send another one; a file or a pipe has only this. */
export type Origin = 'server' | 'pipe' | 'file';

/** One whole stats document. */
export interface DocumentEvent {
  kind: 'document';
  /** As the server sent it, without HTTP's headers. */
  document: Uint8Array;
  snapshot: Snapshot;
  origin: Origin;
  /** Unix seconds: when the document arrived, or when its file was last changed. */
  time: number;
  /** When it arrived, in seconds of the clock that is never set. */
  clock: number;
  /** Seconds by which both times can be wrong: see `Exchange`. */
  clockError: number;
  /** What this machine's kernel knows of the same server, if it runs here. */
  host: HostReading | null;
}

/** A read that gave no document. */
export interface FailureEvent {
  kind: 'failure';
  /** A `TargetError` unless it is a fault of this program. */
  error: Error;
  /** Unix seconds: when it failed, and when the next try is due. */
  time: number;
  retryAt: number;
}

/** What happens at a source, in order. */
export type SourceEvent = DocumentEvent | FailureEvent;

/** One target, read again and again, or once if it does not change. */
export interface Source {
  readonly target: Target;
  readonly clock: Clock;
  /** A document is due or arriving: slow work should wait, for the server's master is held until it is whole. */
  readonly receiving: boolean;
  /**
   * The events from now on. The iteration ends with the signal, which also gives up the read that is under way, and after
   * the document of a file or pipe. A later call continues with what is known of the server.
   */
  events(signal: AbortSignal): AsyncIterable<SourceEvent>;
  /** The interval has changed: the next read is due an interval after the last one. */
  reschedule(): void;
}
