import { blockLength, type Part } from '../recordings/recorder.ts';
import type { SourceEvent } from '../sources/source.ts';
import { bytes } from '../text/words.ts';

/** Number of readings of each server to measure. */
const MEASURED = 12;

/** Size of a checkpoint after an hour, in bytes: of its own, and for each worker. Measured with `npm run bench`. */
const CHECKPOINT = { base: 30_000, worker: 2500 };

const DAY = 86_400;

/** Measures how much disk a recording needs, from its first readings. */
export class Estimate {
  readonly #interval: number;
  readonly #keep: number;
  /** Number of servers that are recorded. */
  servers = 0;
  #total = 0;
  #count = 0;
  #first = 0;
  #isKnown = false;
  readonly #workers = new Map<string, number>();

  constructor({ interval, keep = DAY }: { interval: number; keep?: number }) {
    this.#interval = interval;
    this.#keep = keep;
  }

  /**
   * Adds the bytes that were written for an event.
   *
   * @returns the estimate, once it is known
   */
  after(target: string, event: SourceEvent, part: Part | null): string | null {
    if (this.#isKnown || part === null || event.kind !== 'document') return null;
    const { snapshot } = event;
    this.#workers.set(target, snapshot.kind === 'app' ? snapshot.workers.length : 0);
    if (part.beginsBlock) {
      this.#first = part.bytes.length;
      return null;
    }
    this.#total += part.bytes.length;
    this.#count += 1;
    if (this.#count < MEASURED * Math.max(1, this.servers)) return null;
    this.#isKnown = true;
    return this.#text();
  }

  #text(): string {
    const each = this.#total / this.#count;
    const workers = [...this.#workers.values()].reduce((sum, count) => sum + count, 0);
    const servers = Math.max(1, this.#workers.size);
    // Each block begins with a checkpoint and the last two documents of each server.
    const begin =
      (CHECKPOINT.base * servers + CHECKPOINT.worker * workers + 2 * this.#first * servers) / servers;
    const perReading = each + begin / blockLength(begin, this.#interval);
    const inSeconds = (seconds: number) => bytes((perReading * servers * seconds) / this.#interval);
    const kept = this.#keep === DAY ? '' : `, ${inSeconds(this.#keep)} in the time to keep`;
    return `disk needed: about ${bytes(perReading)} per reading, ${inSeconds(DAY)} a day${kept}`;
  }
}
