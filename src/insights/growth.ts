import { lows, type MemoryReadings, memoryReadings, pace } from '../rates/memory.ts';
import type { CoarsePoint } from '../rates/point.ts';
import type { WorkerSample } from '../rates/sample.ts';

/** A worker that grows. */
export interface Growth {
  /** Bytes a minute. */
  perMinute: number;
  /** Bytes at the beginning and at the end of the window. */
  from: number;
  to: number;
  /** Length of the window. */
  seconds: number;
}

/** A growth, and the place of its worker in the document. */
export type WorkerGrowth = Growth & { place: number };

/** What a worker must gain in a window to be told of: bytes, and a share of what it had. */
interface Gain {
  bytes: number;
  share: number;
}

/**
 * A window of five minutes or more is told of for a small gain. A shorter one needs much more: requests and imports can
 * take as much memory for a minute.
 */
export const LONG_SECONDS = 300;
export const SHORTEST_SECONDS = 90;
export const LONG: Gain = { bytes: 8 * 2 ** 20, share: 0.05 };
export const SHORT: Gain = { bytes: 96 * 2 ** 20, share: 0.25 };
/** A process loads its application after its start: this time is not part of a short window. */
const START_SECONDS = 60;

/** A window is compared in so many parts, each by its lowest reading. */
const PARTS = 6;
/** Shares of the mean pace that each part has at least, and the last one: a jump or a load that is over has less. */
const EACH_PART = 0.45;
const LAST_PART = 0.8;
/** Share of the pace of the first half that the second one has at least: what levels off has less. */
const SECOND_HALF = 0.8;
/** A pace before the window that is above its own by this factor was not the same leak. Readings are ten seconds apart. */
const FASTER_BEFORE = 1.1;
/** Windows are tried from the longest one on, each by this factor shorter. */
const SHORTER = 0.8;

/** By the last complete point, which changes every ten seconds. */
const FOUND = new WeakMap<CoarsePoint, readonly WorkerGrowth[]>();

/** The workers that grow steadily. @param workers in the order of the document */
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
 * How the memory of a worker's process grows, if it does so steadily and still does; the longest window in which that
 * is so. A cache that is filled at a steady pace is found as well, until it is full.
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
  const { times, bytes } = readings;
  const last = bytes.at(-1) ?? 0;
  // Most workers end here: the rest is for those that have become larger.
  if (!bytes.some((each) => last - each >= LONG.bytes / 2)) return null;
  const loaded = times.findIndex((time) => time >= (spawned ?? 0) + START_SECONDS);
  for (let length = times.length; length >= PARTS; length = Math.floor(length * SHORTER)) {
    const begin = times.length - length;
    const seconds = (times.at(-1) ?? 0) - (times[begin] ?? 0);
    if (seconds < SHORTEST_SECONDS) return null;
    const isLong = seconds >= LONG_SECONDS;
    if (!isLong && (loaded < 0 || begin < loaded)) continue;
    const growth = growthSince(readings, begin, isLong ? LONG : SHORT);
    if (growth) return growth;
  }
  return null;
}

function growthSince(readings: MemoryReadings, begin: number, least: Gain): Growth | null {
  const { times, bytes, earlier } = readings;
  const count = times.length;
  const seconds = (times[count - 1] ?? 0) - (times[begin] ?? 0);
  const parts = lows(readings, begin, count, PARTS);
  const first = parts[0];
  const last = parts[PARTS - 1];
  const mean = pace(first, last);
  const gained = mean * seconds;
  if (!first || !last || !(gained >= least.bytes) || gained < first.bytes * least.share) return null;
  const steps = parts.slice(1).map((part, at) => pace(parts[at], part) / mean);
  const isSteady =
    steps.every((step) => step >= EACH_PART) &&
    (steps.at(-1) ?? 0) >= LAST_PART &&
    pace(parts[PARTS / 2], last) >= SECOND_HALF * pace(first, parts[PARTS / 2 - 1]);
  if (!isSteady) return null;
  // A process that was as large before, or a recycled one, uses that memory again.
  const before = bytes.slice(0, begin).reduce((most, each) => Math.max(most, each), earlier);
  if (last.bytes - before < (last.bytes - first.bytes) / 2) return null;
  // A process that grew faster before levels off.
  const half = Math.ceil((count - begin) / 2);
  const [past] = begin >= half ? lows(readings, begin - half, begin, PARTS / 2) : [];
  if (past && pace(past, first) > mean * FASTER_BEFORE) return null;
  return { perMinute: mean * 60, from: bytes[begin] ?? 0, to: bytes[count - 1] ?? 0, seconds };
}
