import type { HostReading } from '../host/reading.ts';
import type { Parsed } from '../stats/decode.ts';
import type { AppSnapshot } from '../stats/snapshot.ts';
import type { Protocol, Target } from '../targets/target.ts';
import type { Answer } from './answer.ts';
import { NotStatsError } from './errors.ts';
import { read } from './read.ts';
import { type IntervalStart, Schedule } from './schedule.ts';
import { snapshotSteps } from './snapshot.ts';
import { type Source, type SourceEvent, SYSTEM_CLOCK } from './source.ts';
import { inTurns } from './turns.ts';

export interface SourceOptions {
  timeoutSeconds: number;
  /** Returns the seconds between two reads. It is called again for each due time. */
  interval(): number;
  intervalFrom?: IntervalStart;
  /**
   * Returns what this machine's kernel reports about a server. It is called for each document of an app server. Without
   * this function there is no host reading.
   */
  hostOf?(snapshot: AppSnapshot, clock: number): Promise<HostReading | null>;
  /** Returns whether events contain the JSON of their documents. */
  keepsJson?(): boolean;
  /** Replaces `Math.random`: see `jittered`. */
  random?: (() => number) | undefined;
  /**
   * Finds the target again before a read that follows a failure, and before the first one without a target.
   *
   * @throws Error which is then the failure
   */
  again?: (() => Promise<Target>) | undefined;
}

/** Seconds without a byte after which a document that is due or arriving no longer delays other work. */
const STALLED_SECONDS = 0.05;

/** Seconds after the start of a read after which a document that arrives slowly no longer delays other work. */
const RECEIVING_SECONDS = 0.5;

/** Minimum seconds between two tries of a target that has responded as an application does, and never with a document. */
const APPLICATION_SECONDS = 60;

/**
 * Returns the source for a socket, a file or standard input.
 *
 * @param target `null` if only `again` finds it
 */
export function openSource(target: Target | null, options: SourceOptions): Source {
  return new TargetSource(target, options);
}

class TargetSource implements Source {
  readonly clock = SYSTEM_CLOCK;
  #target: Target | null;
  readonly #options: SourceOptions;
  readonly #schedule: Schedule;
  /** The protocol of the server; `null` while it is unknown. */
  #protocol: Protocol | null = null;
  /** Number of bytes of the last answer. */
  #length = 0;
  /** Whether the last read failed, so that the server may have another address now. */
  #isLost = false;
  /** Whether no document was decoded yet. */
  #isFirst = true;
  #started = 0;
  /** When the read began or its last byte arrived, in monotonic seconds; `null` between two reads. */
  #heard: number | null = null;
  /** Ends the wait for the next read, so that the due time is computed again. */
  #wake = () => {};

  constructor(target: Target | null, options: SourceOptions) {
    this.#target = target;
    this.#options = options;
    this.#schedule = new Schedule(options.interval, options.intervalFrom, options.random);
  }

  get receiving(): boolean {
    const now = this.clock.monotonic();
    return (
      this.#heard !== null && now - this.#heard < STALLED_SECONDS && now - this.#started < RECEIVING_SECONDS
    );
  }

  reschedule(): void {
    this.#wake();
  }

  async *events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const stop = () => {
      this.#heard = null;
      this.#wake();
    };
    signal.addEventListener('abort', stop);
    try {
      yield* this.#untilAborted(signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async *#untilAborted(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    for (;;) {
      // Begin a read that is due in this turn of the event loop, not in a later one: nothing may be drawn before the
      // read.
      if (this.#wait() > 0) await this.#due(signal);
      const event = signal.aborted ? null : await this.#read(signal);
      if (event === null) return;
      yield* this.#passed(event);
      if (event.kind === 'document' && event.origin !== 'server') return;
    }
  }

  /** Yields an event, and counts the time that it takes its consumer, unless the consumer waits for something. */
  *#passed(event: SourceEvent): Generator<SourceEvent> {
    const at = this.clock.monotonic();
    let hasWaited = false;
    const turn = setImmediate(() => {
      hasWaited = true;
    });
    try {
      yield event;
    } finally {
      clearImmediate(turn);
    }
    if (!hasWaited) this.#schedule.work(this.clock.monotonic() - at);
  }

  /** Seconds until the next read may begin. */
  #wait(): number {
    return this.#schedule.due() - this.clock.monotonic();
  }

  /** Resolves when the next read may begin, or when the signal aborts. */
  async #due(signal: AbortSignal): Promise<void> {
    for (;;) {
      const seconds = this.#wait();
      if (signal.aborted || seconds <= 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, seconds * 1000);
      });
      clearTimeout(timer);
    }
  }

  /** Reads once; `null` if the read was aborted. */
  async #read(signal: AbortSignal): Promise<SourceEvent | null> {
    const { timeoutSeconds, hostOf, keepsJson } = this.#options;
    this.#started = this.clock.monotonic();
    this.#heard = this.#started;
    this.#schedule.begin(this.#started);
    let answer: Answer | null = null;
    try {
      const target = await this.#found();
      answer = await read(target, {
        timeoutSeconds,
        protocol: this.#protocol,
        expectedBytes: this.#length,
        signal,
        onBytes: () => {
          this.#heard = this.clock.monotonic();
        },
      });
      if (signal.aborted) return null;
      if (!this.#isFirst) this.#heard = null;
      this.#protocol = answer.protocol;
      this.#length = answer.bytes.length;
      const json: { parsed?: Parsed } = {};
      const keep = (parsed: Parsed) => {
        if (keepsJson?.()) json.parsed = parsed;
      };
      const snapshot = await inTurns(snapshotSteps(target.text, answer, keep), (seconds) =>
        this.#schedule.work(seconds),
      );
      if (signal.aborted) return null;
      const { document, origin, time, clock, clockError } = answer;
      this.#schedule.succeed(this.clock.monotonic(), clock);
      const isServer = snapshot.kind === 'app' && origin === 'server';
      const host = isServer ? ((await hostOf?.(snapshot, clock)) ?? null) : null;
      this.#isFirst = false;
      return signal.aborted
        ? null
        : { kind: 'document', document, snapshot, ...json, origin, time, clock, clockError, host };
    } catch (error) {
      if (signal.aborted) return null;
      // A server that does not respond may come back with another configuration.
      if (answer === null) {
        this.#protocol = null;
        this.#isLost = true;
      }
      return this.#failed(error);
    } finally {
      this.#heard = null;
    }
  }

  /** @throws Error if there is no target */
  async #found(): Promise<Target> {
    const { again } = this.#options;
    if (again && (this.#isLost || this.#target === null)) {
      this.#target = await again();
      this.#isLost = false;
    }
    if (this.#target === null) throw new Error('a source has a target, or finds it');
    return this.#target;
  }

  #failed(cause: unknown): SourceEvent {
    const now = this.clock.monotonic();
    // An application does a request for each try, and it becomes no stats server.
    const isApplication = this.#isFirst && cause instanceof NotStatsError && cause.http;
    this.#schedule.fail(now, isApplication ? APPLICATION_SECONDS : 0);
    const time = this.clock.wall();
    const retryAt = time + Math.max(0, this.#schedule.due() - now);
    return {
      kind: 'failure',
      error: cause instanceof Error ? cause : new Error(String(cause)),
      time,
      retryAt,
    };
  }
}
