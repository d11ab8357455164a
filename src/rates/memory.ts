import type { History } from './history.ts';
import { memoize } from './memoize.ts';
import type { CoarsePoint } from './point.ts';

/** Readings of the memory of one process, oldest first. */
export interface MemoryReadings {
  /** Unix seconds. */
  times: number[];
  /** Resident memory in bytes, for each time in `times`. */
  bytes: number[];
  /** The highest resident memory of earlier processes of the same worker, in bytes; 0 if none is known. */
  earlier: number;
}

/**
 * The memory readings of the current process of a worker. Empty if the worker has no process, or its memory has been
 * unknown for a minute. The readings restart when the clock has been set back.
 *
 * @param place position of the worker in the document, from 0
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

/** The growth of a process's memory over a window of time that ends now. */
export interface Growth {
  /** Bytes per minute. */
  perMinute: number;
  /** Bytes at the start (`from`) and at the end (`to`) of the window. */
  from: number;
  to: number;
  /** Length of the window in seconds. */
  seconds: number;
}

/** Seconds without a reading after which the memory of a process is unknown. */
const STALE = 60;

/** The lowest reading of a period. Memory that is soon freed does not affect it. */
export interface Low {
  time: number;
  bytes: number;
}

/**
 * Divides the readings from `begin` up to `end` (exclusive) into equal parts, and returns the lowest reading of each
 * part. The range must contain at least `parts` readings.
 */
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

/** Bytes per second from one low to a later one; NaN if either is missing. */
export function pace(from: Low | undefined, to: Low | undefined): number {
  return from && to ? (to.bytes - from.bytes) / (to.time - from.time) : Number.NaN;
}

/** Length in seconds of the window over which growth is shown (`SHOWN`), and of the shortest window (`LEAST`). */
const SHOWN = 120;
const LEAST = 60;
/** Number of parts of the window. The growth is measured between the lowest readings of the first and the last part. */
const PARTS = 3;

/** `memoryGrowth` of the workers of a history, in the order of the document. Computed on demand. */
export const growthOf = memoize(({ hour }: Pick<History, 'hour'>): readonly (number | null)[] =>
  memoryGrowth(hour, hour.at(-1)?.workers.pid.length ?? 0),
);

/**
 * Growth of each worker's memory over the last two minutes, in bytes per minute; negative if the memory shrank. `null`
 * until the readings of its process cover one minute. If readings are far apart, the last three are used.
 *
 * @param workers number of workers
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
