import type { PathPatterns } from '../../insights/paths/pattern.ts';
import { MOST_EVENTS } from '../event.ts';
import type { Observation } from '../observation.ts';
import type { Digest } from './digest.ts';
import { Sums } from './sums.ts';
import { MINUTES } from './tallies.ts';

/** A block with a longer interval, in seconds, has no digest, because that would have too many minutes. */
const LONGEST_INTERVAL = 3600;

/** Collects the digest of a server in a block. */
export class DigestLog {
  readonly #begin: Observation;
  readonly #sums = new Sums(MINUTES);
  #hasLongInterval = false;

  /** @param begin the server at the beginning of the block */
  constructor(begin: Observation) {
    this.#begin = begin;
    this.#sums.resume(begin);
  }

  /** Adds the document that an observation ends with. */
  add(observation: Observation, patterns?: PathPatterns): void {
    if ((observation.history.last?.seconds ?? 0) > LONGEST_INTERVAL) this.#hasLongInterval = true;
    else this.#sums.add(observation, patterns);
  }

  /**
   * The digest. `null` if the block must be replayed.
   *
   * @param end the server at the end of the block
   */
  digest({ events, traces }: Observation): Digest | null {
    if (this.#hasLongInterval || traces.next - this.#begin.traces.next >= MOST_EVENTS) return null;
    const { kind, tallies, slowest, profile } = this.#sums;
    const before = new Set(this.#begin.events);
    return {
      kind,
      minutes: tallies.parts,
      slowest: slowest.known,
      profile: { ...profile, inFlight: new Map() },
      events: events.filter((event) => !before.has(event)),
    };
  }
}
