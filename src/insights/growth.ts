import { type Growth, memoryReadings } from '../rates/memory.ts';
import type { CoarsePoint } from '../rates/point.ts';
import type { WorkerSample } from '../rates/sample.ts';
import { PARTS as LINE_PARTS, sumsOf } from './line.ts';
import { PARTS, rapidGrowth } from './rapid-growth.ts';
import { steadyGrowth } from './steady-growth.ts';

/** A growth, and the place of its worker in the document. */
export type WorkerGrowth = Growth & { place: number };

/** In windows of this length or more, steady growth is searched for, in shorter ones rapid growth. */
export const LONG_SECONDS = 300;
/** A process loads its application after its start: windows of rapid growth begin later. */
const START_SECONDS = 60;
/** Windows are tried from the longest one on, each by this factor shorter. */
const SHORTER = 0.8;
/** Windows with a smaller gain from the first to the last reading are skipped, which saves time: half of what is reported. */
const LEAST_BYTES = 4 * 2 ** 20;

/** By the last complete point, which changes every ten seconds. */
const FOUND = new WeakMap<CoarsePoint, readonly WorkerGrowth[]>();

/** The workers that grow. @param workers in the order of the document */
export function growths(
  hour: readonly CoarsePoint[],
  workers: readonly WorkerSample[],
): readonly WorkerGrowth[] {
  const points = hour.slice(0, -1);
  const last = points.at(-1);
  if (!last) return [];
  const before = FOUND.get(last);
  if (before) return before;
  const found = workers.flatMap(({ worker }, place) => {
    const growth = growthOf(points, place, worker.lastSpawn);
    return growth ? [{ ...growth, place }] : [];
  });
  FOUND.set(last, found);
  return found;
}

/**
 * How the memory of a worker's process grows, if it still does: the longest window of steady growth, else of rapid growth.
 * A cache that is filled at a steady pace is found as well, until it is full.
 *
 * @param place of the worker in the document, from 0
 * @param spawned when its process was started, in Unix seconds; `null` is unknown
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
    // A process that was as large before, or whose predecessor was, uses that memory again.
    const most = bytes.slice(0, begin).reduce((most, each) => Math.max(most, each), earlier);
    if (growth.to - most >= (growth.to - growth.from) / 2) return growth;
  }
  return null;
}
