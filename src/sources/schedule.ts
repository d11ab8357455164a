import { jittered } from './jitter.ts';

/** Seconds until the tries after the first, second, ... failure in a row; the last one repeats. */
const BACKOFF = [0.5, 1, 2, 4, 5];

/**
 * Where an interval begins: with the start of a read, for readings in a steady rhythm, or with the arrival of its
 * document, for a look that must last as long as the interval.
 */
export type IntervalStart = 'start' | 'arrival';

/**
 * Decides when a server may be read again, for every command. Reads are an interval apart, one at a time. A server
 * that was slow is left alone for as long as it was held, and one that failed for longer after each failure.
 *
 * All times are monotonic seconds.
 */
export class Schedule {
  readonly #interval: () => number;
  readonly #random: (() => number) | undefined;
  readonly #from: IntervalStart;
  #failures = 0;
  #started: number | null = null;
  #ended = 0;
  /** What the interval is counted from. */
  #anchor = 0;
  /** Factor of the interval before the next read. */
  #jitter = 1;

  /**
   * @param interval seconds between two reads; asked anew each time
   * @param from what the interval is counted from
   * @param random see `jittered`
   */
  constructor(interval: () => number, from: IntervalStart = 'start', random?: () => number) {
    this.#interval = interval;
    this.#from = from;
    this.#random = random;
  }

  /** A read begins. */
  begin(now: number): void {
    this.#started = now;
    this.#anchor = now;
    this.#jitter = jittered(1, this.#random);
  }

  /** The read gave a document, which had arrived then. */
  succeed(now: number, arrived: number): void {
    this.#failures = 0;
    if (this.#from === 'arrival') this.#anchor = arrived;
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
    return Math.max(this.#anchor + this.#interval() * this.#jitter, this.#ended + Math.max(held, backoff));
  }
}
