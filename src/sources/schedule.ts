import { jittered } from './jitter.ts';

/** Seconds until the retry after the first, second, ... failure in a row. The last value repeats. */
const BACKOFF = [0.5, 1, 2, 4, 5];

/** The pause after a read, in multiples of the time that its document took this process: at most a fifth of all time. */
const PAUSE_PER_WORK = 4;

/** Maximum seconds of that pause. This process may have been stopped while it worked. */
const MOST_PAUSE = 30;

/**
 * Where an interval begins. `start` is the start of a read, for readings at a steady rate. `arrival` is the arrival of
 * its document, for a one-shot check that must last as long as the interval.
 */
export type IntervalStart = 'start' | 'arrival';

/**
 * Decides when a server may be read again, for every command. Reads are one interval apart, and only one read runs at a
 * time. After a slow read, the pause is at least as long as the read. A document that takes this process long delays other
 * servers, so the pause is then several times as long. After a failure, the pause is longer, and it
 * grows with each failure in a row up to the last value of `BACKOFF`.
 *
 * All times are monotonic seconds.
 */
export class Schedule {
  readonly #interval: () => number;
  readonly #random: (() => number) | undefined;
  readonly #from: IntervalStart;
  #failures = 0;
  #pause = 0;
  #started: number | null = null;
  #ended = 0;
  /** Seconds that this process computed since the start of the last read. */
  #worked = 0;
  /** The time from which the interval is counted. */
  #anchor = 0;
  /** Random factor of the interval before the next read. */
  #jitter = 1;

  /**
   * @param interval returns the seconds between two reads; it is called again for each due time
   * @param from where the interval begins
   * @param random see `jittered`
   */
  constructor(interval: () => number, from: IntervalStart = 'start', random?: () => number) {
    this.#interval = interval;
    this.#from = from;
    this.#random = random;
  }

  /** Records the start of a read. */
  begin(now: number): void {
    this.#started = now;
    this.#anchor = now;
    this.#worked = 0;
    this.#jitter = jittered(1, this.#random);
  }

  /**
   * Records the end of a read that returned a document.
   *
   * @param arrived when the document arrived
   */
  succeed(now: number, arrived: number): void {
    this.#failures = 0;
    this.#pause = 0;
    if (this.#from === 'arrival') this.#anchor = arrived;
    this.#ended = now;
  }

  /**
   * Records the end of a read that failed.
   *
   * @param pause minimum seconds until the next read
   */
  fail(now: number, pause = 0): void {
    this.#failures += 1;
    this.#pause = pause;
    this.#ended = now;
  }

  /** Records that this process has computed something for the last read: its document or what follows from it. */
  work(seconds: number): void {
    this.#worked += seconds;
  }

  /** Returns when the next read may begin. The first read may begin at once. */
  due(): number {
    if (this.#started === null) return Number.NEGATIVE_INFINITY;
    const { length } = BACKOFF;
    const backoff = this.#failures === 0 ? 0 : (BACKOFF[Math.min(this.#failures, length) - 1] ?? 0);
    const held = this.#ended - this.#started;
    const work = Math.min(PAUSE_PER_WORK * this.#worked, MOST_PAUSE);
    const pause = Math.max(held, backoff, work, this.#pause);
    return Math.max(this.#anchor + this.#interval() * this.#jitter, this.#ended + pause);
  }
}
