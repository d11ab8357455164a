import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/demo/random.ts';
import { NO_PROFILE, profileAfter } from '../../../src/insights/paths/profile.ts';
import { errorOf, pathShares } from '../../../src/insights/paths/shares.ts';
import type { AppSample } from '../../../src/rates/sample.ts';
import type { Core } from '../../../src/stats/snapshot.ts';
import { app, appBetween, core, NOW, worker } from '../../rates/builders.ts';

/** A kind of request: how many arrive per second, and their mean duration in seconds. */
interface Kind {
  path: string;
  rate: number;
  mean: number;
}

const EMPTY = appBetween(null, app([worker()]));

interface Request extends Kind {
  from: number;
  to: number;
  core: Core;
}

/** The requests of random traffic during some seconds, by their start. Durations are exponential. */
function traffic(kinds: readonly Kind[], seconds: number, random: Random): Request[] {
  const all = kinds.flatMap((kind) => {
    const found: Request[] = [];
    // Requests that began before the first reading are in flight then.
    for (let from = -20 * kind.mean; from < seconds; from += random.exponential(1 / kind.rate)) {
      const vars = ['REQUEST_METHOD=GET', `REQUEST_URI=${kind.path}`];
      const given = { inRequest: true, vars, requestStart: Math.floor(NOW + from) };
      found.push({ ...kind, from, to: from + random.exponential(kind.mean), core: core(given) });
    }
    return found;
  });
  // Each request has a core of its own, as on a server with enough of them.
  return all
    .sort((a, b) => a.from - b.from)
    .map((request, id) => ({ ...request, core: { ...request.core, id } }));
}

/** What readings at random intervals of 0.2 to 1.8 s find, and the time that the requests of each path really took. */
function simulate(kinds: readonly Kind[], seconds: number, seed: number) {
  const random = new Random(seed);
  const requests = traffic(kinds, seconds, random);
  let profile = NO_PROFILE;
  let next = 0;
  let open: Request[] = [];
  for (let clock = 0, interval: number | null = null; clock < seconds; clock += interval) {
    while ((requests[next]?.from ?? Number.POSITIVE_INFINITY) <= clock)
      open.push(requests[next++] as Request);
    open = open.filter(({ to }) => to > clock);
    const snapshot = app([worker({ cores: open.map((request) => request.core) })]);
    const sample: AppSample = { ...EMPTY, snapshot, time: NOW + clock, interval };
    profile = profileAfter(profile, sample, clock);
    interval = 0.2 + 1.6 * random.next();
  }
  const took = new Map<string, number>();
  for (const { path, from, to } of requests)
    took.set(path, (took.get(path) ?? 0) + Math.max(0, Math.min(to, seconds) - Math.max(0, from)));
  return { paths: pathShares(profile, 'all').paths, took };
}

const MIXES: readonly (readonly [string, readonly Kind[], number])[] = [
  [
    'requests shorter than an interval',
    [
      { path: '/a', rate: 4, mean: 0.2 },
      { path: '/b', rate: 10, mean: 0.05 },
      { path: '/c', rate: 0.5, mean: 0.5 },
    ],
    100,
  ],
  [
    'requests that many readings see, and short ones',
    [
      { path: '/report', rate: 0.2, mean: 10 },
      { path: '/b', rate: 4, mean: 0.4 },
    ],
    200,
  ],
];

const RUNS = 150;

/** Expectation for 95 % of the runs, less three standard deviations of the number. */
const LEAST = RUNS * 0.95 - 3 * Math.sqrt(RUNS * 0.95 * 0.05);

describe.each(MIXES)('%s', (_, kinds, seconds) => {
  let runs: ReturnType<typeof simulate>[] = [];
  beforeAll(() => {
    runs = Array.from({ length: RUNS }, (_, seed) => simulate(kinds, seconds, seed));
  });
  const work = (all: readonly Kind[]) => all.reduce((sum, { rate, mean }) => sum + rate * mean, 0);

  it.each(kinds)('the share of $path', (kind) => {
    const truth = work([kind]) / work(kinds);
    const found = runs.map(({ paths, took }) => {
      const { share = 0, error = 1 } = paths.find(({ path }) => path === kind.path) ?? {};
      const real = (took.get(kind.path) ?? 0) / [...took.values()].reduce((sum, each) => sum + each, 0);
      return { share, error, real };
    });
    const mean = found.reduce((sum, { share }) => sum + share, 0) / RUNS;
    const deviation = Math.sqrt(found.reduce((sum, { share }) => sum + (share - truth) ** 2, 0) / RUNS);
    const error = found.reduce((sum, each) => sum + each.error, 0) / RUNS;
    const within = (value: 'real' | null) =>
      found.filter((each) => Math.abs(each.share - (value ? each[value] : truth)) <= each.error).length;
    // The mean is right within three of its own deviations.
    expect(Math.abs(mean - truth)).toBeLessThan((3 * deviation) / Math.sqrt(RUNS));
    // The error covers 95 % of the runs, and is not much larger than needed.
    expect(within(null)).toBeGreaterThanOrEqual(LEAST);
    expect(error / (1.96 * deviation)).toBeLessThan(1.25);
    // The time that was really taken is nearer.
    expect(within('real')).toBeGreaterThanOrEqual(within(null));
  });
});

describe('the error', () => {
  const sums = (requests: number, seconds: number) => ({
    time: requests * seconds,
    squares: requests * seconds ** 2,
  });

  it('depends on the number of requests, not on the number of readings that saw them', () => {
    const few = errorOf(sums(5, 40), sums(10, 40));
    expect(few).toBeCloseTo(errorOf(sums(5, 1), sums(10, 1)));
    expect(errorOf(sums(200, 1), sums(400, 1))).toBeLessThan(few / 5);
  });

  it('is not 0 for the only path, and at most 1', () => {
    expect(errorOf(sums(1, 1), sums(1, 1))).toBe(1);
    const three = errorOf(sums(100, 1), sums(100, 1));
    // None of 100 requests was another one, so the share of others is less than 3 % (95 %).
    expect(three).toBeGreaterThan(0.02);
    expect(three).toBeLessThan(0.04);
  });
});
