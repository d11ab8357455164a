import type { Profile } from '../../insights/paths/profile.ts';
import type { Sample } from '../../rates/sample.ts';
import type { Event } from '../event.ts';
import type { SlowRequest } from './slowest.ts';
import type { Tally } from './tally.ts';

/** What a report needs of a server in a block of a recording, so that it need not replay the block. */
export interface Digest {
  /** Kind of the last document; `null` without one. */
  kind: Sample['kind'] | null;
  /** By the number of the minute since the beginning of Unix time. Reloads and restarts are among the events only. */
  minutes: ReadonlyMap<number, Tally>;
  /** By what identifies a request. */
  slowest: ReadonlyMap<string, SlowRequest>;
  /** The profile of the block, without requests in flight. */
  profile: Profile;
  /** Events that began or ended in the block. */
  events: readonly Event[];
}
