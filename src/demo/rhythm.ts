import type { Random } from './random.ts';

/**
 * Alternates calm periods and rushes. A rush starts every 60 to 90 seconds and lasts 12 to 18. It has more visitors,
 * and a database that is slow for all requests.
 */
export class Rhythm {
  /** Seconds of the simulation: the start of the next rush, or of the current one. */
  start: number;
  private end: number;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
    this.start = random.integer(60, 90);
    this.end = this.start + random.integer(12, 18);
  }

  /** Whether there is a rush at `time`. Between calls, `time` must not decrease. */
  isRush(time: number): boolean {
    while (time >= this.end) {
      this.start += this.random.integer(60, 90);
      this.end = this.start + this.random.integer(12, 18);
    }
    return time >= this.start;
  }
}
