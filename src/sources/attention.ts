import { SYSTEM_CLOCK } from './source.ts';

/** Interval in milliseconds of the timer that measures whether the event loop runs. */
const TICK_MS = 10;

/**
 * Longest normal gap between two turns of the event loop, in milliseconds: one tick and a timer delay of the same
 * length.
 */
const NORMAL_MS = 2 * TICK_MS;

/**
 * Detects whether this process was running while it waited for a response.
 *
 * A process that is stopped (SIGSTOP, a suspended machine) or gets no CPU time sees the first byte of a document late.
 * The gaps between turns of the event loop limit how long this delay can be.
 */
export class Attention {
  #last = now();
  /**
   * Length of the gap before the last one. It counts too, because timers run before input in the same turn of the loop.
   */
  #gap = 0;
  readonly #timer = setInterval(() => this.#turn(), TICK_MS);

  #turn(): { longest: number; both: number } {
    const at = now();
    const gap = at - this.#last;
    const turn = { longest: Math.max(gap, this.#gap), both: gap + this.#gap };
    this.#gap = gap;
    this.#last = at;
    return turn;
  }

  /** @returns the longest possible delay, in seconds, of an event that is observed now; 0 if the gaps are normal */
  lateness(): number {
    const { longest, both } = this.#turn();
    return longest > NORMAL_MS ? both / 1000 : 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Milliseconds of the monotonic clock. */
function now(): number {
  return SYSTEM_CLOCK.monotonic() * 1000;
}
