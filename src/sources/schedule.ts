import { jittered } from './jitter.ts';

/** Seconds until the tries after the first, second, ... failure in a row; the last one repeats. */
const BACKOFF = [0.5, 1, 2, 4, 5];

/**
 * Decides when a server may be read again, for every command. Reads start an interval apart, one at a time. A server
 * that was slow is left alone for as long as it was held, and one that failed for longer after each failure.
 *
 * All times are monotonic seconds.
 */
export class Schedule {
  readonly #interval: () => number;
  readonly #random: (() => number) | undefined;
  #failures = 0;
  #started: number | null = null;
  #ended = 0;
  /** Factor of the interval before the next read. */
  #jitter = 1;

  /**
   * @param interval seconds between the starts of two reads; asked anew each time
   * @param random see `jittered`
   */
  constructor(interval: () => number, random?: () => number) {
    this.#interval = interval;
    this.#random = random;
  }

  /** A read begins. */
  begin(now: number): void {
    this.#started = now;
    this.#jitter = jittered(1, this.#random);
  }

  /** The read gave a document. */
  succeed(now: number): void {
    this.#failures = 0;
    this.#ended = now;
  }

  /** The read gave none. */
  fail(now: number): void {
    this.#failures += 1;
    this.#ended = now;
  }

  /** When the next read may begin; the first one at once. */
  due(): number {
    if (this.#started === null) return Number.NEGATIVE_INFINITY;
    const { length } = BACKOFF;
    const backoff = this.#failures === 0 ? 0 : (BACKOFF[Math.min(this.#failures, length) - 1] ?? 0);
    const held = this.#ended - this.#started;
    return Math.max(this.#started + this.#interval() * this.#jitter, this.#ended + Math.max(held, backoff));
  }
}
