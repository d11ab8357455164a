import { describe, expect, it } from 'vitest';
import type { PeriodName } from '../../../src/insights/paths/period.ts';
import { MOST_PATHS, NO_PROFILE, type Profile, profileAfter } from '../../../src/insights/paths/profile.ts';
import { mergedShares, pathShares } from '../../../src/insights/paths/shares.ts';
import { sampleOf } from '../../../src/rates/rates.ts';
import type { AppSample, Reading } from '../../../src/rates/sample.ts';
import type { Core } from '../../../src/stats/snapshot.ts';
import { app, core, NOW, worker } from '../../rates/builders.ts';

/** A core in a request for this path that began some seconds after `NOW`. */
function running(path: string | null, start: number, given: Partial<Core> = {}): Core {
  const vars = path === null ? [] : ['REQUEST_METHOD=GET', `REQUEST_URI=${path}`, 'HTTP_HOST=shop.example'];
  return core({ inRequest: true, vars, requestStart: NOW + start, ...given });
}

/** The cores in a request at each reading, by its time in seconds. */
type Readings = readonly (readonly [at: number, cores: readonly Core[]])[];

function profileOf(readings: Readings, { long = [] as string[], paths = [] as string[] } = {}): Profile {
  let before: Reading | null = null;
  let profile = NO_PROFILE;
  for (const [at, cores] of readings) {
    const snapshot = app([worker({ cores: cores.map((each, id) => ({ ...each, id })) })]);
    const reading: Reading = { snapshot, time: NOW + at, clock: at };
    const sample = sampleOf('x', reading, before, long) as AppSample;
    profile = profileAfter(profile, sample, at, paths);
    before = reading;
  }
  return profile;
}

const rowsOf = (profile: Profile, period: PeriodName = 'all') =>
  pathShares(profile, period).paths.map(({ path, share, seen, oldest }) => [path, share, seen, oldest]);

const seconds = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, nth) => from + nth * step);

describe('the profile', () => {
  it('counts each reading with the interval before it', () => {
    const profile = profileOf([
      [0, [core()]],
      [1, [running('/a', 0)]],
      [3, [running('/b', 2)]],
      [4, [running('/b', 2)]],
    ]);
    expect(rowsOf(profile)).toEqual([
      ['/b', 0.75, 1, 2],
      ['/a', 0.25, 1, 1],
    ]);
    // The first reading stands for a second.
    expect(pathShares(profile, 'all')).toMatchObject({ readings: 4, seconds: 5, seen: 2 });
    expect(pathShares(profile, 'all').paths[0]?.inFlight).toBe(3 / 5);
  });

  it('counts a request once, and the next one of its core again', () => {
    const profile = profileOf([
      [0, [running('/a', 0, { requests: 10 })]],
      [1, [running('/a', 0, { requests: 10 })]],
      [2, [running('/a', 0, { requests: 11 })]],
      [3, [running('/a', 3, { requests: 12 })]],
    ]);
    expect(rowsOf(profile)).toEqual([['/a', 1, 3, 2]]);
  });

  it('does not count a long pause as if it had been observed', () => {
    const profile = profileOf([
      [0, [core()]],
      [1, [running('/a', 0)]],
      [600, [running('/b', 599)]],
    ]);
    expect(pathShares(profile, 'all').seconds).toBe(4);
  });

  it('forgets what is older than the period', () => {
    const profile = profileOf([
      ...seconds(0, 100).map((at) => [at, [running('/old', 0)]] as const),
      ...seconds(101, 200).map((at) => [at, [running('/new', 100, { requests: 11 })]] as const),
    ]);
    expect(rowsOf(profile, 'minute').map(([path]) => path)).toEqual(['/new']);
    expect(rowsOf(profile, 'tenMinutes').map(([path]) => path)).toEqual(['/old', '/new']);
    const { seconds: covered } = pathShares(profile, 'minute');
    expect(covered).toBeGreaterThan(54);
    expect(covered).toBeLessThanOrEqual(60);
    // A request that began before the period is one that was seen.
    expect(rowsOf(profile, 'minute')).toEqual([['/new', 1, 1, 100]]);
  });

  it('leaves out requests that are long on purpose', () => {
    const readings: Readings = [[0, [running('/events/1', 0), running('/a', 0)]]];
    expect(rowsOf(profileOf(readings, { long: ['/events/*'] }))).toEqual([['/a', 1, 1, 0]]);
  });

  it('does not know the path of a request that uWSGI is still reading', () => {
    const reading = [0, [running(null, 0)]] as const;
    expect(rowsOf(profileOf([reading]))).toEqual([[null, 1, 1, 0]]);
    const known = profileOf([reading, [1, [running('/a', 0)]]]);
    expect(rowsOf(known).map(([path]) => path)).toContain('/a');
  });

  it('uses the patterns of the user', () => {
    const profile = profileOf([[0, [running('/blog/x/comments', 0), running('/blog/y/comments', 0)]]], {
      paths: ['/blog/*/comments'],
    });
    expect(rowsOf(profile)).toEqual([['/blog/*/comments', 1, 2, 0]]);
  });

  it('has a host only if all requests have it', () => {
    const other = running('/a', 0, { vars: ['REQUEST_METHOD=GET', 'REQUEST_URI=/a', 'HTTP_HOST=b.example'] });
    const hosts = (readings: Readings) =>
      pathShares(profileOf(readings), 'all').paths.map(({ host, hasSeveralHosts }) => [
        host,
        hasSeveralHosts,
      ]);
    expect(hosts([[0, [running('/a', 0)]]])).toEqual([['shop.example', false]]);
    expect(hosts([[0, [running('/a', 0), other]]])).toEqual([[null, true]]);
  });
});

describe('many paths', () => {
  const word = (nth: number) =>
    [...nth.toString().padStart(4, '0')].map((digit) => 'bcdfghklmn'.charAt(Number(digit))).join('a');
  const readings: Readings = seconds(0, 20).map((at) => [
    at,
    [
      running('/main', 0, { requests: 1 }),
      ...seconds(1, 64).map((nth) => running(`/${word(at * 64 + nth)}`, at)),
    ],
  ]);
  const profile = profileOf(readings);

  it('are limited, and keep the time of all requests', () => {
    expect(profile.paths.length).toBeLessThanOrEqual(MOST_PATHS);
    const { paths, seen } = pathShares(profile, 'all');
    expect(paths[0]).toMatchObject({ path: '/main', seen: 1 });
    expect(paths[0]?.share).toBeCloseTo(1 / 65);
    expect(paths.at(-1)).toMatchObject({ isOther: true, path: null });
    expect(paths.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(seen).toBe(1 + 21 * 64);
  });

  it('take a limited number of bytes after days', () => {
    let last = profile;
    const sample = sampleOf('x', { snapshot: app([worker()]), time: NOW, clock: 0 }, null) as AppSample;
    for (const at of seconds(21, 20_000, 4)) last = profileAfter(last, { ...sample, interval: 4 }, at);
    const buckets = last.periods.flatMap((period) => period.buckets);
    // 12 steps of the minute, 10 of ten minutes, 12 of an hour, and one of the whole time.
    expect(buckets.length).toBeLessThanOrEqual(35);
    const bytes = buckets.reduce((sum, { cells }) => sum + cells.byteLength, 0);
    expect(bytes).toBeLessThanOrEqual(35 * MOST_PATHS * 5 * 8);
  });
});

describe('several servers', () => {
  it('have one row for a path of several of them', () => {
    const [a, b] = [
      profileOf([[0, [running('/a', 0), running('/b', 0)]]]),
      profileOf([[0, [running('/a', 0)]]]),
    ];
    const { paths, readings, seen } = mergedShares(
      [
        { name: 'shop', profile: a },
        { name: 'blog', profile: b },
      ],
      'minute',
    );
    expect({ readings, seen }).toEqual({ readings: 2, seen: 3 });
    expect(paths.map(({ path, share, servers, inFlight }) => [path, share, servers, inFlight])).toEqual([
      ['/a', 2 / 3, ['shop', 'blog'], 2],
      ['/b', 1 / 3, ['shop'], 1],
    ]);
  });
});
