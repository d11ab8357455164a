import type { Protocol, Target } from '../targets/target.ts';
import { jittered } from './jitter.ts';
import { type Answer, read } from './read.ts';

export interface PollOptions {
  timeoutSeconds: number;
  /** Seconds between the starts of two reads; asked anew each time. */
  interval(): number;
  /** Instead of `Math.random`: see `jittered`. */
  random?: () => number;
  /** An error that it throws counts as a failed read. The next read waits for it to be done. */
  onAnswer(answer: Answer): void | Promise<void>;
  /** @param retryIn seconds until the next try */
  onFailure(error: Error, retryIn: number): void;
}

export interface Poller {
  /** A document is due or arriving: what takes time should wait, for the server's master is held until it is whole. */
  readonly receiving: boolean;
  /** The interval has changed: counts from the last read again. */
  reschedule(): void;
  /** Calls off what is under way, and reads no more until `resume`. */
  stop(): void;
  /** Goes on after `stop` as if nothing had been, with what is known of the server. */
  resume(): void;
}

/** Seconds until the tries after the first, second, ... failure in a row; the last one repeats. */
const BACKOFF = [0.5, 1, 2, 4, 5];

/** Without a byte for this long, a document that is due or was arriving holds nothing up any more. */
const STALLED_SECONDS = 0.05;

/** Nor does one that takes this long, a little at a time. */
const MOST_SECONDS = 0.5;

/** Reads a target again and again, one read at a time. A file does not change by being read: it is read once. */
export function poll(target: Target, options: PollOptions): Poller {
  let stopped = new AbortController();
  let protocol: Protocol | null = null;
  let failures = 0;
  let started = 0;
  /** What the interval to the next read is multiplied by. */
  let rhythm = 1;
  let ended = 0;
  /** When the read began or its last byte came; `null` between two reads. */
  let heard: number | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function once() {
    timer = undefined;
    const { signal } = stopped;
    started = now();
    rhythm = jittered(1, options.random);
    heard = started;
    let answered = false;
    let done = false;
    try {
      const answer = await read(target, {
        timeoutSeconds: options.timeoutSeconds,
        protocol,
        signal,
        onBytes: () => {
          heard = now();
        },
      });
      if (signal.aborted) return;
      heard = null;
      answered = true;
      protocol = answer.protocol;
      await options.onAnswer(answer);
      if (signal.aborted) return;
      failures = 0;
      done = !answer.live;
    } catch (error) {
      if (signal.aborted) return;
      heard = null;
      // What was known of the server may no longer be so: it may come back with another configuration.
      if (!answered) protocol = null;
      failures += 1;
      ended = now();
      options.onFailure(asError(error), wait());
    }
    ended = now();
    if (!done && !signal.aborted) schedule();
  }

  /** Seconds from now until the next read. A server that was slow is left alone for as long as it was held. */
  function wait(): number {
    const backoff = failures === 0 ? 0 : (BACKOFF[Math.min(failures, BACKOFF.length) - 1] ?? 0);
    const due = Math.max(started + options.interval() * rhythm, ended + Math.max(ended - started, backoff));
    return Math.max(0, due - now());
  }

  function schedule() {
    clearTimeout(timer);
    timer = setTimeout(once, wait() * 1000);
  }

  void once();
  return {
    get receiving() {
      return heard !== null && now() - heard < STALLED_SECONDS && now() - started < MOST_SECONDS;
    },
    reschedule() {
      if (timer !== undefined) schedule();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      heard = null;
      stopped.abort();
    },
    resume() {
      stopped = new AbortController();
      schedule();
    },
  };
}

function now(): number {
  return performance.now() / 1000;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
