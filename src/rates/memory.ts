import type { CoarsePoint } from './point.ts';

/** What is remembered of the memory of one process, oldest first. */
export interface MemoryReadings {
  /** Unix seconds. */
  times: number[];
  /** Resident memory at these times. */
  bytes: number[];
  /** The most bytes that earlier processes of the same worker had; 0 if none is remembered. */
  earlier: number;
}

/**
 * The readings of the process that a worker has now. Empty while it has none, and when its memory has not been known
 * for a minute. They begin anew after the clock was set back.
 *
 * @param place of the worker in the document, from 0
 */
export function memoryReadings(points: readonly CoarsePoint[], place: number): MemoryReadings {
  let times: number[] = [];
  let bytes: number[] = [];
  let earlier = 0;
  let process = 0;
  for (const { time, workers } of points) {
    const pid = workers.pid[place] ?? 0;
    const value = workers.memory[place] ?? 0;
    if (pid === 0 || !(value > 0)) continue;
    if (pid !== process || time <= (times.at(-1) ?? 0)) {
      if (pid !== process) earlier = bytes.reduce((most, each) => Math.max(most, each), earlier);
      times = [];
      bytes = [];
      process = pid;
    }
    times.push(time);
    bytes.push(value);
  }
  const last = points.at(-1);
  const isCurrent =
    last !== undefined && last.workers.pid[place] === process && last.time - (times.at(-1) ?? 0) < STALE;
  return isCurrent ? { times, bytes, earlier } : { times: [], bytes: [], earlier };
}

/** How the memory of a process has grown in a window of time that ends now. */
export interface Growth {
  /** Bytes a minute. */
  perMinute: number;
  /** Bytes at the beginning and at the end of the window. */
  from: number;
  to: number;
  /** Length of the window. */
  seconds: number;
}

/** Seconds after which the memory of a process is unknown. */
const STALE = 60;

/** The lowest reading of a stretch: what is freed soon does not count. */
export interface Low {
  time: number;
  bytes: number;
}

/** The lowest reading of each of so many parts of the readings from `begin` up to `end`. There must be as many. */
export function lows({ times, bytes }: MemoryReadings, begin: number, end: number, parts: number): Low[] {
  return Array.from({ length: parts }, (_, part) => {
    const from = begin + Math.floor((part * (end - begin)) / parts);
    const to = begin + Math.floor(((part + 1) * (end - begin)) / parts);
    let lowest = from;
    for (let at = from + 1; at < to; at += 1) {
      if ((bytes[at] ?? 0) < (bytes[lowest] ?? 0)) lowest = at;
    }
    return { time: times[lowest] ?? Number.NaN, bytes: bytes[lowest] ?? Number.NaN };
  });
}

/** Bytes per second from one low to a later one. */
export function pace(from: Low | undefined, to: Low | undefined): number {
  return from && to ? (to.bytes - from.bytes) / (to.time - from.time) : Number.NaN;
}

/** Seconds over which the growth of a worker is shown, and that must be known of its process at least. */
const SHOWN = 120;
const LEAST = 60;
/** The lowest readings of the first and the last of so many parts are compared. */
const PARTS = 3;

/**
 * Bytes a minute by which each of so many workers has grown in the last two minutes, negative if it has become smaller.
 * `null` until its process has been read for a minute. Where readings are far apart, the last three count.
 */
export function memoryGrowth(hour: readonly CoarsePoint[], workers: number): (number | null)[] {
  const now = hour.at(-1)?.time ?? 0;
  const recent = hour.findIndex(({ time }) => time >= now - SHOWN);
  const points = hour.slice(Math.max(0, Math.min(recent, hour.length - PARTS)));
  return Array.from({ length: workers }, (_, place) => {
    const readings = memoryReadings(points, place);
    const { times } = readings;
    const seconds = (times.at(-1) ?? 0) - (times[0] ?? 0);
    if (times.length < PARTS || seconds < LEAST) return null;
    const parts = lows(readings, 0, times.length, PARTS);
    return Math.round(pace(parts[0], parts.at(-1)) * 60);
  });
}
