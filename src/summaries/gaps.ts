import type { Period } from './periods.ts';

/** Maximum number of gaps to keep of each server. */
const MOST_GAPS = 100;

/** A gap is longer than this many intervals, and by this many seconds longer than one. */
const INTERVALS = 3;
const LONGER = 5;

/** Finds the times in which a server was not read, although failed reads would be recorded, too. */
export class Gaps {
  readonly #period: Period;
  readonly gaps: Period[] = [];
  /** The last read; `null` while the server is not part of the recording. */
  #last: number | null;
  #due: number | null = null;
  #interval: number | null = null;
  /** Number of gaps that are not kept. */
  omitted = 0;

  /** @param start when the server is first part of the recording, in Unix seconds */
  constructor(period: Period, start: number) {
    this.#period = period;
    this.#last = Math.max(period.since, start);
  }

  /** The server is not part of the recording until the next read. */
  leave(): void {
    this.#last = null;
  }

  /**
   * Adds a read.
   *
   * @param interval seconds between two reads, as chosen
   * @param due when the next read is made; `null`: after the interval
   */
  add(time: number, interval: number, due: number | null): void {
    if (time < this.#period.since) return;
    this.#close(time, interval);
    this.#last = time;
    this.#interval = interval;
    this.#due = due;
  }

  /** Adds the time from the last read to the end. */
  end(): void {
    this.#close(this.#period.until, this.#interval ?? 0);
  }

  #close(time: number, interval: number): void {
    if (this.#last === null) return;
    const expected = Math.max(this.#last + Math.max(interval, this.#interval ?? 0), this.#due ?? 0);
    const most = Math.max(expected + LONGER, this.#last + INTERVALS * interval);
    if (time <= most) return;
    if (this.gaps.length < MOST_GAPS) this.gaps.push({ since: this.#last, until: time });
    else this.omitted += 1;
  }
}
