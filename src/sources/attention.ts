/** Milliseconds between two signs of life of the event loop while an answer is awaited. */
const TICK_MS = 10;

/** Gaps up to this length are normal: a tick, and a timer that is late by as much. */
const NORMAL_MS = 2 * TICK_MS;

/**
 * Watches whether this process was running while it waited for an answer.
 *
 * A process that is stopped (SIGSTOP, a suspended machine) or gets no processor sees the first byte of a document long
 * after it came. The gap between two turns of the event loop tells how late that can be.
 */
export class Attention {
  #last = performance.now();
  /** Length of the gap before the last one: timers run before input, in the same turn of the loop. */
  #gap = 0;
  readonly #timer = setInterval(() => this.#turn(), TICK_MS);

  #turn(): { longest: number; both: number } {
    const now = performance.now();
    const gap = now - this.#last;
    const turn = { longest: Math.max(gap, this.#gap), both: gap + this.#gap };
    this.#gap = gap;
    this.#last = now;
    return turn;
  }

  /** @returns seconds by which an event that is seen now can have happened earlier; 0 when that is a normal delay */
  lateness(): number {
    const { longest, both } = this.#turn();
    return longest > NORMAL_MS ? both / 1000 : 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
