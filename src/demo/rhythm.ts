import type { Random } from './random.ts';

/** Calm minutes, and every 60 to 90 seconds a rush of 12 to 18: more visitors, and a database that is slow for all. */
export class Rhythm {
  /** Seconds of the simulation: when the next rush begins, or the present one did. */
  start: number;
  private end: number;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
    this.start = random.integer(60, 90);
    this.end = this.start + random.integer(12, 18);
  }

  /** Whether there is a rush at `time`, which never goes back from one call to the next. */
  isRush(time: number): boolean {
    while (time >= this.end) {
      this.start += this.random.integer(60, 90);
      this.end = this.start + this.random.integer(12, 18);
    }
    return time >= this.start;
  }
}
