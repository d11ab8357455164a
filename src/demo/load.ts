import type { Random } from './random.ts';
import { Rhythm } from './rhythm.ts';
import { meanSeconds, QUICK_ROUTES, type Route, SLOW_ROUTES, spread } from './routes.ts';

export interface LoadOptions {
  workers: number;
  /** Cores per worker. */
  cores: number;
  /** Requests per second, on average over some minutes. */
  rate: number;
}

/** The properties of a new request. */
export interface Errand {
  route: Route;
  /** How long it will occupy its core. */
  seconds: number;
  /** It never ends by itself. */
  stuck: boolean;
}

/** Seconds after which the master kills the worker of a request (uWSGI's `harakiri`). */
export const HARAKIRI_SECONDS = 30;

/** Factors of the rate in calm periods and in rushes. On average over some minutes, the rate is the requested one. */
const CALM = 0.94;
const RUSH = 1.3;
/** Share of all cores that the slow routes occupy on average. */
const SLOW_LOAD = 0.15;
/** Highest share of slow requests. */
const MOST_SLOW = 0.03;
/** Work in a rush, relative to the capacity of all workers without that for slow requests. */
const RUSH_LOAD = 1;
const MOST_SLOWDOWN = 20;
/** Mean seconds between two requests that hang. */
const BETWEEN_STUCK = 240;

const QUICK = spread(QUICK_ROUTES);
const SLOW = spread(SLOW_ROUTES);
const QUICK_SECONDS = meanSeconds(QUICK_ROUTES);
const SLOW_SECONDS = meanSeconds(SLOW_ROUTES);

/**
 * Decides when requests arrive, their routes and their durations. A rush slightly exceeds the capacity of the workers
 * that run in calm periods.
 */
export class Load {
  readonly rhythm: Rhythm;
  private readonly random: Random;
  private readonly rate: number;
  private readonly slowShare: number;
  /** Factor of the durations of quick requests in a rush. */
  private readonly slowdown: number;
  private nextStuck: number;

  constructor({ workers, cores, rate }: LoadOptions, random: Random) {
    const all = workers * cores;
    this.random = random;
    this.rate = rate;
    this.rhythm = new Rhythm(random);
    this.slowShare = Math.min(MOST_SLOW, (SLOW_LOAD * all) / (SLOW_SECONDS * rate));
    const slowdown = (RUSH_LOAD * (1 - SLOW_LOAD) * all) / (rate * RUSH * QUICK_SECONDS);
    this.slowdown = Math.min(MOST_SLOWDOWN, Math.max(1, slowdown));
    this.nextStuck = random.exponential(BETWEEN_STUCK);
  }

  /** Seconds from `time` to the next request. */
  pause(time: number): number {
    const factor = this.rhythm.isRush(time) ? RUSH : CALM;
    return this.random.exponential(1 / (this.rate * factor));
  }

  /** Draws the properties of the request that begins at `time`. */
  errand(time: number): Errand {
    const { random } = this;
    if (!random.chance(this.slowShare)) {
      const route = random.pick(QUICK);
      const factor = this.rhythm.isRush(time) ? this.slowdown : 1;
      return { route, seconds: random.skewed(...route.seconds) * factor, stuck: false };
    }
    const route = random.pick(SLOW);
    if (time < this.nextStuck) return { route, seconds: random.skewed(...route.seconds), stuck: false };
    this.nextStuck = time + random.exponential(BETWEEN_STUCK);
    return { route, seconds: HARAKIRI_SECONDS, stuck: true };
  }
}
