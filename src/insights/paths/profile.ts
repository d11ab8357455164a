import { requestAge } from '../../rates/in-flight.ts';
import type { AppSample } from '../../rates/sample.ts';
import type { Core } from '../../stats/snapshot.ts';
import { copyOf } from '../../text/bounds.ts';
import { NO_PATTERNS, type PathPatterns, pathPattern } from './pattern.ts';
import {
  NO_PERIODS,
  type Period,
  type Sighting,
  together,
  totalsOf,
  withReading,
  withSlots,
} from './period.ts';

/**
 * A sampling profile of the requests in flight: how much of the time of all requests each path takes. Its size is
 * limited: `MOST_PATHS` paths, and a fixed number of steps of each period.
 */
export interface Profile {
  /** The paths by their slot. Slot 0 has all others (`OTHER`). */
  paths: readonly Path[];
  /** Slots by method and path. */
  slots: ReadonlyMap<string, number>;
  /** The requests of the last reading, by `keyOf` their core. */
  inFlight: ReadonlyMap<number, PathRequest>;
  periods: readonly Period[];
  /** The time in seconds that the last reading stands for; `null` before there was an interval. */
  seconds: number | null;
}

/** A method and the pattern of a path. */
export interface Path {
  /** `null` until uWSGI has read the request. */
  method: string | null;
  /** Without secrets, not clean; `null` until uWSGI has read the request. */
  path: string | null;
  /** Host of the requests; `null` if it is unknown or not the same for all. */
  host: string | null;
  hasSeveralHosts: boolean;
}

/** A request of the last reading. */
export interface PathRequest extends Sighting {
  path: string | null;
  /** With the number of requests that its core has finished, these identify a request. */
  start: number | null;
  requests: number | null;
}

/** The slot of all paths that have no slot of their own. */
export const OTHER = 0;

const NO_PATH: Path = { method: null, path: null, host: null, hasSeveralHosts: false };

/** The profile before the first reading. */
export const NO_PROFILE: Profile = {
  paths: [NO_PATH],
  slots: new Map(),
  inFlight: new Map(),
  periods: NO_PERIODS,
  seconds: null,
};

/** The same, without the periods that end: only the whole time is counted. */
export const NO_TOTALS: Profile = {
  ...NO_PROFILE,
  periods: NO_PERIODS.filter(({ name }) => name === 'all'),
};

/** Maximum number of paths with `OTHER`, and the number that is kept when there is no room for a new one. */
export const MOST_PATHS = 256;
const KEPT_PATHS = 192;

/** A reading stands for at most this many times the time of the reading before it: after a pause nothing is known. */
const LONGER = 2;

/** The time in seconds that a reading without an interval stands for, such as the first one. */
const FIRST_SECONDS = 1;

/**
 * The profile after one more reading.
 *
 * Each reading stands for the interval before it. A request that is seen in flight counts with this time. So the
 * expected time of a path is the time that its requests run, also if intervals differ, and a request that is shorter
 * than an interval counts by chance. Requests that are long on purpose are not part of the profile.
 *
 * @param clock seconds of a monotonic clock
 */
export function profileAfter(
  before: Profile,
  sample: AppSample,
  clock: number,
  patterns: PathPatterns = NO_PATTERNS,
): Profile {
  // Without cores in the document, nothing is known about requests.
  if (sample.totals.coresBusy === null) return before;
  const seconds = Math.min(
    sample.interval ?? FIRST_SECONDS,
    LONGER * (before.seconds ?? Number.POSITIVE_INFINITY),
  );
  const known = withRoom(before);
  const draft = new Draft(known);
  const inFlight = new Map<number, PathRequest>();
  for (const { id, alive, cores } of sample.snapshot.workers) {
    if (!alive) continue;
    for (const core of cores) {
      if (!core.inRequest || sample.long.has(core)) continue;
      const key = keyOf(id, core.id);
      const age = requestAge(core, sample);
      const last = known.inFlight.get(key);
      inFlight.set(
        key,
        last !== undefined && isSame(last, core)
          ? seenAgain(last, age, seconds)
          : draft.begun(core, age, seconds, patterns),
      );
    }
  }
  const { paths, slots } = draft;
  const reading = { clock, seconds, sightings: [...inFlight.values()], slots: paths.length };
  return {
    paths,
    slots,
    inFlight,
    periods: known.periods.map((period) => withReading(period, reading)),
    seconds: sample.interval === null ? before.seconds : seconds,
  };
}

/** The profile, continued with the requests in flight of another one. They are not counted as new requests. */
export function resumed(profile: Profile, { inFlight, paths, seconds }: Profile): Profile {
  const draft = new Draft(withRoom(profile));
  const moved = [...inFlight].map(
    ([key, request]) => [key, { ...request, slot: draft.slotIn(paths, request.slot) }] as const,
  );
  return { ...draft.profile, inFlight: new Map(moved), seconds };
}

/** The profile, with the whole time of a later one added. */
export function withTotals(profile: Profile, { paths, periods }: Profile): Profile {
  const draft = new Draft(withRoom(profile));
  const to = paths.map((_, slot) => draft.slotIn(paths, slot));
  const { periods: before, ...all } = draft.profile;
  return {
    ...all,
    periods: before.map((period) => {
      const later = periods.find(({ name }) => name === 'all' && name === period.name);
      return later ? together(period, withSlots(later, to, all.paths.length)) : period;
    }),
  };
}

/** The profile with room for at least one more path. */
function withRoom(profile: Profile): Profile {
  return profile.paths.length < MOST_PATHS ? profile : compacted(profile);
}

/** Written field by field: spreading an object takes many times as long. */
function seenAgain(last: PathRequest, age: number | null, seconds: number): PathRequest {
  const { slot, path, start, requests } = last;
  return { slot, seconds: last.seconds + seconds, age, path, start, requests };
}

/** Whether the core still runs the request. uWSGI counts the requests of a core when they end. */
function isSame({ path, start, requests }: PathRequest, core: Core): boolean {
  return path !== null && start === core.requestStart && requests === core.requests;
}

/** Number of a core of a worker. */
export function keyOf(worker: number, core: number): number {
  return worker * CORES + core;
}

/** More cores than a worker can have. */
const CORES = 2 ** 20;

/** The paths of a profile, to which a reading adds paths. */
class Draft {
  readonly #before: Profile;
  paths: readonly Path[];
  slots: ReadonlyMap<string, number>;

  constructor(before: Profile) {
    this.#before = before;
    this.paths = before.paths;
    this.slots = before.slots;
  }

  /** The profile with the added paths. */
  get profile(): Profile {
    return { ...this.#before, paths: this.paths, slots: this.slots };
  }

  /** The slot of a path of another profile. */
  slotIn(paths: readonly Path[], slot: number): number {
    const path = slot === OTHER ? undefined : paths[slot];
    if (path === undefined) return OTHER;
    const found = this.#slotOf(path.method, path.path, path.host);
    const known = this.paths[found];
    if (path.hasSeveralHosts && known && found !== OTHER && !known.hasSeveralHosts)
      this.#set(found, { ...known, host: null, hasSeveralHosts: true });
    return found;
  }

  /** The path of a request that was not seen before. */
  begun(core: Core, age: number | null, seconds: number, patterns: PathPatterns): PathRequest {
    const { vars, requestStart: start, requests } = core;
    const uri = variable(vars, 'REQUEST_URI=') ?? variable(vars, 'PATH_INFO=');
    const path = uri === null ? null : pathPattern(uri, patterns);
    const method = methodOf(variable(vars, 'REQUEST_METHOD='));
    const host = hostOf(variable(vars, 'HTTP_HOST=') ?? variable(vars, 'SERVER_NAME='));
    return { slot: this.#slotOf(method, path, host), seconds, age, path, start, requests };
  }

  #slotOf(method: string | null, path: string | null, host: string | null): number {
    const key = keyOfPath({ method, path });
    const slot = this.slots.get(key);
    if (slot === undefined) return this.#add(key, { method, path, host, hasSeveralHosts: false });
    const known = this.paths[slot];
    if (known && host !== null && known.host !== host && !known.hasSeveralHosts)
      this.#set(
        slot,
        known.host === null ? { ...known, host } : { ...known, host: null, hasSeveralHosts: true },
      );
    return slot;
  }

  #add(key: string, { host, ...path }: Path): number {
    const slot = this.paths.length;
    if (slot >= MOST_PATHS) return OTHER;
    this.#set(slot, { ...path, host: host === null ? null : copyOf(host, host.length) });
    this.slots = new Map(this.slots).set(key, slot);
    return slot;
  }

  #set(slot: number, path: Path): void {
    const paths = [...this.paths];
    paths[slot] = path;
    this.paths = paths;
  }
}

/** The value of the first variable with this beginning; `null` if it is empty or missing. */
function variable(vars: readonly string[], beginning: string): string | null {
  for (const each of vars) if (each.startsWith(beginning)) return each.slice(beginning.length) || null;
  return null;
}

/** Stands for all methods that are not a word in upper case. Clients can send any text. */
const ODD_METHOD = 'other';

function methodOf(method: string | null): string | null {
  return method === null || /^[A-Z]{1,16}$/.test(method) ? method : ODD_METHOD;
}

/** Longest host name (RFC 1035), with a port. */
const LONGEST_HOST = 259;

function hostOf(host: string | null): string | null {
  return host === null ? null : host.slice(0, LONGEST_HOST).toLowerCase();
}

/** The profile with only the paths that take the most time in any period. The others become `OTHER`. */
function compacted({ paths, inFlight, periods, seconds }: Profile): Profile {
  const shares = paths.map(() => 0);
  for (const period of periods) {
    const { tallies } = totalsOf(period);
    const all = tallies.reduce((sum, { time }) => sum + time, 0);
    for (const { slot, time } of tallies) shares[slot] = Math.max(shares[slot] ?? 0, time / all);
  }
  const kept = paths
    .map((_, slot) => slot)
    .filter((slot) => slot !== OTHER)
    .sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0))
    .slice(0, KEPT_PATHS - 1);
  const old = [OTHER, ...kept];
  const to = paths.map((_, slot) => Math.max(OTHER, old.indexOf(slot)));
  return {
    paths: old.map((slot) => paths[slot] ?? NO_PATH),
    slots: new Map(kept.map((slot, at) => [keyOfPath(paths[slot] ?? NO_PATH), at + 1])),
    inFlight: new Map(
      [...inFlight].map(([key, request]) => [key, { ...request, slot: to[request.slot] ?? OTHER }]),
    ),
    periods: periods.map((period) => withSlots(period, to, old.length)),
    seconds,
  };
}

function keyOfPath({ method, path }: Pick<Path, 'method' | 'path'>): string {
  return `${method} ${path}`;
}
