import { EVENTS } from '../checkpoint-events.ts';
import { PROFILE } from '../checkpoint-paths.ts';
import {
  columnsOf,
  type Form,
  FormError,
  list,
  mapOf,
  nullable,
  number,
  object,
  oneOf,
  table,
  text,
} from '../forms.ts';
import type { Digest } from './digest.ts';
import type { SlowRequest } from './slowest.ts';
import type { Tally } from './tally.ts';

const known = nullable(number);

const TALLIES = table<Tally>(
  columnsOf<Tally>({
    ...{ readings: number, seconds: number, requests: number },
    ...{ timedSeconds: number, runningTime: number, timedRequests: number },
    ...{ coreSeconds: number, busyTime: number, coreTime: number },
    ...{ queue: known, maxQueue: known },
    ...{ exceptions: known, harakiris: known, respawns: known, restarts: number },
  }),
);

interface Minutes {
  numbers: readonly number[];
  tallies: readonly Tally[];
}

const MINUTE_PARTS = object<Minutes>({ numbers: list(number), tallies: TALLIES });

const MINUTES: Form<Digest['minutes']> = {
  write: (minutes) => MINUTE_PARTS.write({ numbers: [...minutes.keys()], tallies: [...minutes.values()] }),
  read(value) {
    const { numbers, tallies } = MINUTE_PARTS.read(value);
    if (numbers.length !== tallies.length) throw new FormError('a minute has no numbers');
    return new Map(numbers.map((minute, at) => [minute, tallies[at] as Tally]));
  },
};

const DIGEST = object<Digest>({
  kind: nullable(oneOf(['app', 'emperor', 'router'])),
  minutes: MINUTES,
  slowest: mapOf(
    text,
    object<SlowRequest>({
      ...{ time: number, age: number, worker: number, core: number, pid: known },
      ...{ method: nullable(text), uri: nullable(text), host: nullable(text) },
    }),
  ),
  profile: PROFILE,
  events: EVENTS,
});

/** The form is JSON, but numbers can be NaN or infinite. It changes with the version of statstop. */
export function digestTree(digest: Digest): unknown {
  return DIGEST.write(digest);
}

/**
 * @param tree what `digestTree` of the same version of statstop returned. It can come from a stranger.
 * @returns `null` if it does not have the form of this version
 */
export function digestIn(tree: unknown): Digest | null {
  try {
    return DIGEST.read(tree);
  } catch (error) {
    if (error instanceof FormError) return null;
    throw error;
  }
}
