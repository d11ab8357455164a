import type { PathPatterns } from '../../insights/paths/pattern.ts';
import { NO_TOTALS, type Profile, profileAfter, resumed, withTotals } from '../../insights/paths/profile.ts';
import type { Sample } from '../../rates/sample.ts';
import type { Observation } from '../observation.ts';
import type { Digest } from './digest.ts';
import { Slowest } from './slowest.ts';
import { type Division, Tallies } from './tallies.ts';

/** What is summed over the documents of a server. The size does not depend on their number. */
export class Sums {
  readonly tallies: Tallies;
  readonly slowest = new Slowest();
  /** Only of the whole time. */
  profile: Profile = NO_TOTALS;
  /** Kind of the last document. */
  kind: Sample['kind'] | null = null;

  constructor(division: Division) {
    this.tallies = new Tallies(division);
  }

  /**
   * Adds the document that an observation ends with.
   *
   * @param patterns of paths that are counted together
   */
  add({ sample, reading, history }: Observation, patterns?: PathPatterns): void {
    this.kind = sample?.kind ?? this.kind;
    if (sample?.kind !== 'app' || reading === null) return;
    this.tallies.addSample(sample, history.last);
    this.slowest.add(sample);
    this.profile = profileAfter(this.profile, sample, reading.clock, patterns);
  }

  /** Adds the documents of a block. No part of the division begins within a minute. */
  addDigest({ kind, minutes, slowest, profile }: Digest): void {
    this.kind = kind ?? this.kind;
    this.tallies.addMinutes(minutes);
    this.slowest.merge(slowest);
    this.profile = withTotals(this.profile, profile);
  }

  /** Goes on with an observation. Its requests in flight were counted before. */
  resume({ paths }: Observation): void {
    this.profile = resumed(this.profile, paths);
  }
}
