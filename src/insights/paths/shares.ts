import { memoize } from '../../rates/memoize.ts';
import { PERIODS, type PeriodName, type Tally, totalsOf } from './period.ts';
import { OTHER, type Path, type Profile } from './profile.ts';

/** The paths of one period, of one server or of several. */
export interface PathShares {
  period: PeriodName;
  readings: number;
  /** Seconds that the readings stand for; of several servers, the longest. */
  seconds: number;
  /** Number of requests that the readings saw. */
  seen: number;
  /** Most time first; the others last. */
  paths: readonly PathShare[];
}

/** The part of one path. */
export interface PathShare extends Path {
  /** All paths that the profile does not keep apart. */
  isOther: boolean;
  /** Share of the time of all requests, 0 to 1. */
  share: number;
  /** Half of the 95 % confidence interval of `share` (see `errorOf`). */
  error: number;
  /** Mean number of requests in flight. */
  inFlight: number;
  /** Number of requests that the readings saw. */
  seen: number;
  /** Greatest age in seconds at a reading; `null` if it is unknown. */
  oldest: number | null;
  /** Names of the servers on which it was seen; empty for a single server. */
  servers: readonly string[];
}

/** A server, with its name among several. */
export interface Profiled {
  name: string | null;
  profile: Profile;
}

/** The paths of a period of a server. Computed once for each reading. */
export function pathShares(profile: Profile, period: PeriodName): PathShares {
  return SHARES[period](profile);
}

const SHARES = byPeriod((period) => (profile) => mergedShares([{ name: null, profile }], period));
const TOTALS = byPeriod((period) => ({ periods }) => {
  const found = periods.find(({ name }) => name === period);
  return found ? totalsOf(found) : { readings: 0, seconds: 0, tallies: [] };
});

/** For each period a function of a profile that is computed once. */
function byPeriod<Result>(of: (period: PeriodName) => (profile: Profile) => Result) {
  const entries = PERIODS.map((period) => [period, memoize(of(period))] as const);
  return Object.fromEntries(entries) as Record<PeriodName, (profile: Profile) => Result>;
}

interface Sum extends Omit<PathShare, 'share' | 'error'> {
  time: number;
  squares: number;
  servers: string[];
}

/** The paths of a period of several servers. The same path of several servers is one path. */
export function mergedShares(servers: readonly Profiled[], period: PeriodName): PathShares {
  const sums = new Map<string, Sum>();
  const all = { readings: 0, seconds: 0, seen: 0, time: 0, squares: 0 };
  for (const { name, profile } of servers) {
    const { readings, seconds, tallies } = TOTALS[period](profile);
    all.readings += readings;
    all.seconds = Math.max(all.seconds, seconds);
    for (const tally of tallies) {
      const path = profile.paths[tally.slot];
      if (!path) continue;
      all.seen += tally.seen;
      all.time += tally.time;
      all.squares += tally.squares;
      const isOther = tally.slot === OTHER;
      const key = isOther ? '' : `${path.method} ${path.path}`;
      const sum = sums.get(key);
      if (sum) add(sum, path, tally, seconds, name);
      else sums.set(key, begun(path, isOther, tally, seconds, name));
    }
  }
  return {
    period,
    readings: all.readings,
    seconds: all.seconds,
    seen: all.seen,
    paths: [...sums.values()]
      .map(({ time, squares, ...path }) => ({
        ...path,
        share: time / all.time,
        error: errorOf({ time, squares }, all),
      }))
      .sort((a, b) => Number(a.isOther) - Number(b.isOther) || b.share - a.share),
  };
}

function begun(path: Path, isOther: boolean, tally: Tally, seconds: number, server: string | null): Sum {
  const { time, squares, seen, oldest } = tally;
  const servers = server === null ? [] : [server];
  return { ...path, isOther, time, squares, seen, oldest, inFlight: time / seconds, servers };
}

function add(sum: Sum, path: Path, tally: Tally, seconds: number, server: string | null): void {
  sum.time += tally.time;
  sum.squares += tally.squares;
  sum.seen += tally.seen;
  sum.inFlight += tally.time / seconds;
  if (tally.oldest !== null) sum.oldest = Math.max(sum.oldest ?? 0, tally.oldest);
  if (server !== null) sum.servers.push(server);
  if (path.hasSeveralHosts || (path.host !== null && sum.host !== null && path.host !== sum.host))
    Object.assign(sum, { host: null, hasSeveralHosts: true });
  else if (!sum.hasSeveralHosts) sum.host ??= path.host;
}

/** Sums over requests. */
interface Sums {
  /** Seconds in which the readings saw them. */
  time: number;
  /** Sum of the squares of the seconds of each one. */
  squares: number;
}

/** The quantile of the normal distribution for 95 % on both sides. */
const QUANTILE = 1.96;

/** Number of requests that are added to a path and to the rest. */
const ADDED = 2;

/**
 * Half of the 95 % confidence interval of a share of the time.
 *
 * The requests are independent of each other; the readings are not, because one reading after the other sees the same
 * long request. So the error is that of a ratio of sums over requests: a request that was seen for `t` seconds adds `t²`.
 * The error says how far the share can be from that of more traffic of this kind. The time that the requests took in
 * this period is nearer.
 *
 * As for other small samples, some requests of the same size are added to the path and to the rest. Otherwise the error
 * of the only path would be 0, and a few long requests would seem to be certain.
 */
export function errorOf(path: Sums, all: Sums): number {
  const share = path.time / all.time;
  const rest = { time: all.time - path.time, squares: all.squares - path.squares };
  const variance =
    ((1 - share) ** 2 * squaresOf(path, all) + share ** 2 * squaresOf(rest, all)) / all.time ** 2;
  return Math.min(1, QUANTILE * Math.sqrt(variance));
}

function squaresOf(sums: Sums, all: Sums): number {
  const { time, squares } = sums.time > 0 ? sums : all;
  return Math.max(0, sums.squares) + ADDED * (squares / time) ** 2;
}
