import type { History } from '../../src/rates/history.ts';
import { NO_HISTORY } from '../../src/rates/history.ts';
import type { CoarsePoint, Point } from '../../src/rates/point.ts';
import { LOOKED_AT } from './samples.ts';

/** An idle second with known values. */
const QUIET: Point = {
  time: LOOKED_AT,
  seconds: 1,
  requests: 0,
  timedRequests: 0,
  runningTime: 0,
  tx: 0,
  exceptions: 0,
  refused: null,
  work: { begun: null, open: null, cut: null, cores: null },
  writeErrors: 0,
  harakiris: 0,
  respawns: 0,
  cheap: 0,
  hadCheap: false,
  reloading: false,
  busy: 0,
  queue: 0,
  memory: 0,
  marks: [],
};

/** Unknown values, as after a reset. */
export const UNKNOWN: Partial<Point> = {
  requests: null,
  timedRequests: null,
  runningTime: null,
  tx: null,
  exceptions: null,
  busy: null,
  queue: null,
  memory: null,
};

/** Points without gaps between them; the last one ends at the time of the second sample. */
export function pointsOf(given: readonly Partial<Point>[], end = LOOKED_AT): Point[] {
  let time = end - given.reduce((sum, { seconds = QUIET.seconds }) => sum + seconds, 0);
  return given.map((each) => {
    const { seconds = QUIET.seconds } = each;
    time += seconds;
    return { ...QUIET, timedRequests: each.requests ?? QUIET.requests, ...each, seconds, time };
  });
}

/** Points without workers. */
export function coarse(points: readonly Point[]): CoarsePoint[] {
  const none = new Float32Array();
  return points.map((point) => ({
    ...point,
    workers: { requests: none, timedRequests: none, runningTime: none, memory: none, pid: new Uint32Array() },
  }));
}

/** A history of these points, by default of one second each; the last hour is the same as the last minutes. */
export function historyOf(given: readonly Partial<Point>[]): History {
  const near = pointsOf(given);
  return { ...NO_HISTORY, near, hour: coarse(near) };
}

/** A history of these requests per second; each request takes the rate in ms. `null` is an interval without rates. */
export function ratesOf(rates: readonly (number | null)[]): History {
  return historyOf(
    rates.map((rate) =>
      rate === null ? UNKNOWN : { requests: rate, runningTime: (rate * rate) / 1000, tx: rate * 1000 },
    ),
  );
}
