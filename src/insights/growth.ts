import { type Growth, memoryReadings } from '../rates/memory.ts';
import type { CoarsePoint } from '../rates/point.ts';
import type { WorkerSample } from '../rates/sample.ts';
import { PARTS as LINE_PARTS, sumsOf } from './line.ts';
import { PARTS, rapidGrowth } from './rapid-growth.ts';
import { steadyGrowth } from './steady-growth.ts';

/** The growth of a worker's memory, with the position of the worker in the document. */
export type WorkerGrowth = Growth & { place: number };

/** Shortest window in seconds in which steady growth is searched for. Shorter windows are searched for rapid growth. */
export const LONG_SECONDS = 300;
/** Seconds after the start of a process in which it loads its application. Windows of rapid growth begin later. */
const START_SECONDS = 60;
/** The search starts with the longest window. Each following window is shorter by this factor. */
const SHORTER = 0.8;
/**
 * Minimum gain in bytes from the first to the last reading of a window: half of the smallest growth that is reported.
 * Windows with less are skipped to save time.
 */
const LEAST_BYTES = 4 * 2 ** 20;

interface Cached {
  spawns: readonly (number | null)[];
  found: readonly WorkerGrowth[];
}

/** Caches the result for the last complete point, which changes every ten seconds, and the starts of the workers. */
const FOUND = new WeakMap<CoarsePoint, Cached>();

/**
 * The workers whose memory grows.
 *
 * @param hour the coarse points of the history
 * @param workers in the order of the document
 */
export function growths(
  hour: readonly CoarsePoint[],
  workers: readonly WorkerSample[],
): readonly WorkerGrowth[] {
  const points = hour.slice(0, -1);
  const last = points.at(-1);
  if (!last) return [];
  const before = FOUND.get(last);
  const isSame = ({ worker }: WorkerSample, place: number) => worker.lastSpawn === before?.spawns[place];
  if (before?.spawns.length === workers.length && workers.every(isSame)) return before.found;
  const found = workers.flatMap(({ worker }, place) => {
    const growth = growthOf(points, place, worker.lastSpawn);
    return growth ? [{ ...growth, place }] : [];
  });
  FOUND.set(last, { spawns: workers.map(({ worker }) => worker.lastSpawn), found });
  return found;
}

/**
 * The growth of a worker's memory, if it still grows: over the longest window with steady growth, or otherwise with
 * rapid growth. A cache that fills at a steady rate is reported as well, until it is full.
 *
 * @param place position of the worker in the document, from 0
 * @param spawned start of its process in Unix seconds; `null` is unknown
 */
export function growthOf(
  points: readonly CoarsePoint[],
  place: number,
  spawned: number | null = null,
): Growth | null {
  const readings = memoryReadings(points, place);
  const { times, bytes, earlier } = readings;
  const last = bytes.at(-1) ?? 0;
  if (!bytes.some((each) => last - each >= LEAST_BYTES)) return null;
  const sums = sumsOf(times, bytes);
  const loaded = times.filter((time) => time < (spawned ?? 0) + START_SECONDS).length;
  for (let length = times.length; length >= PARTS; length = Math.floor(length * SHORTER)) {
    const begin = times.length - length;
    if (last - (bytes[begin] ?? 0) < LEAST_BYTES) continue;
    const seconds = (times.at(-1) ?? 0) - (times[begin] ?? 0);
    const growth =
      seconds >= LONG_SECONDS && length >= LINE_PARTS
        ? steadyGrowth(readings, sums, begin)
        : rapidGrowth(readings, Math.max(begin, loaded));
    if (!growth) continue;
    // Ignore memory that this process or an earlier process of the worker had before: it is used again.
    const most = bytes.slice(0, begin).reduce((most, each) => Math.max(most, each), earlier);
    if (growth.to - most >= (growth.to - growth.from) / 2) return growth;
  }
  return null;
}
