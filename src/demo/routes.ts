import type { Random } from './random.ts';

/** A kind of request that the demo's shop serves. */
export interface Route {
  /** Frequency relative to the other routes of its list. */
  weight: number;
  method: 'GET' | 'POST';
  /** The URI as a client sends it. */
  uri(random: Random): string;
  /** Shortest and longest time that it occupies a core. */
  seconds: readonly [low: number, high: number];
  /** Smallest and largest response. */
  bytes: readonly [low: number, high: number];
  /** Share of its requests that end in an exception. */
  exceptions: number;
  /** A file that uWSGI sends itself (`static-map`), without calling the application. */
  static?: true;
  /** Its clients are programs, which send a token instead of a cookie. */
  api?: true;
}

/** Search terms. Clients send wide characters percent-encoded, as browsers do, or unencoded, as scripts do. */
const WORDS = [
  'red+shoes',
  'teapot',
  '%E6%97%A5%E6%9C%AC%E8%AA%9E',
  '日本語',
  'gr%C3%BCner+tee',
  'größe 42',
  '%F0%9F%8E%81',
] as const;

/** The routes of most requests. */
export const QUICK_ROUTES: readonly Route[] = [
  {
    weight: 18,
    method: 'GET',
    uri: () => '/',
    seconds: [0.006, 0.03],
    bytes: [8_000, 24_000],
    exceptions: 0,
  },
  {
    weight: 26,
    method: 'GET',
    uri: (random) => `/products/${random.integer(100, 4999)}`,
    seconds: [0.008, 0.05],
    bytes: [6_000, 30_000],
    exceptions: 0.0004,
  },
  {
    weight: 14,
    method: 'GET',
    uri: (random) => `/search?q=${random.pick(WORDS)}&page=${random.integer(1, 4)}`,
    seconds: [0.012, 0.06],
    bytes: [5_000, 40_000],
    exceptions: 0.002,
  },
  {
    weight: 14,
    method: 'GET',
    uri: (random) => `/api/v2/orders/${random.integer(10_000, 99_999)}?expand=items`,
    seconds: [0.005, 0.03],
    bytes: [400, 4_000],
    exceptions: 0.001,
    api: true,
  },
  {
    weight: 8,
    method: 'POST',
    uri: (random) => `/cart/add?item=${random.integer(100, 4999)}`,
    seconds: [0.01, 0.05],
    bytes: [300, 900],
    exceptions: 0.002,
  },
  {
    weight: 5,
    method: 'GET',
    uri: () => '/tags/caf%C3%A9',
    seconds: [0.008, 0.04],
    bytes: [5_000, 20_000],
    exceptions: 0,
  },
  {
    weight: 3,
    method: 'POST',
    uri: () => '/checkout',
    seconds: [0.025, 0.06],
    bytes: [900, 3_000],
    exceptions: 0.015,
  },
  {
    weight: 12,
    method: 'GET',
    uri: (random) => `/static/img/${random.integer(100, 4999)}.webp`,
    seconds: [0.005, 0.008],
    bytes: [9_000, 90_000],
    exceptions: 0,
    static: true,
  },
];

/** Infrequent routes that occupy a core for seconds. */
export const SLOW_ROUTES: readonly Route[] = [
  {
    weight: 3,
    method: 'GET',
    uri: (random) => `/report/2026/all?format=xlsx&token=${random.hex(16)}`,
    seconds: [2, 25],
    bytes: [200_000, 2_000_000],
    exceptions: 0.03,
  },
  {
    weight: 2,
    method: 'GET',
    uri: (random) => `/report/stock/${random.integer(1, 12)}`,
    seconds: [2, 12],
    bytes: [40_000, 300_000],
    exceptions: 0.01,
  },
];

/** The mean duration of a request to these routes, with durations drawn by `Random.skewed`. */
export function meanSeconds(routes: readonly Route[]): number {
  let seconds = 0;
  let weights = 0;
  for (const { weight, seconds: range } of routes) {
    const [low, high] = range;
    seconds += weight * (low + (high - low) / 3);
    weights += weight;
  }
  return seconds / weights;
}

/**
 * Repeats each route as often as its weight, so that a uniform choice is a weighted one.
 *
 * @throws RangeError when there are no routes
 */
export function spread(routes: readonly Route[]): readonly [Route, ...Route[]] {
  const [first, ...others] = routes.flatMap((route) => Array.from({ length: route.weight }, () => route));
  if (first === undefined) throw new RangeError('there are no routes');
  return [first, ...others];
}
