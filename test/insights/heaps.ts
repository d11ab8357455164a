import { Random } from '../../src/demo/random.ts';
import type { CoarsePoint } from '../../src/rates/point.ts';

/** The memory of a process, in bytes at a second. */
export type Heap = (second: number) => number;

export const MIB = 2 ** 20;
const PAGE = 4096;

/** Rounds to whole pages. */
export function paged(bytes: number): number {
  return Math.round(bytes / PAGE) * PAGE;
}

/** The sawtooth of a garbage collector: grows to `bytes`, then falls to 0, every `seconds`. */
export function teeth(bytes: number, seconds: number): Heap {
  return (second) => (bytes * (second % seconds)) / seconds;
}

/** Uniform noise of up to `bytes` in both directions; the same seed makes the same noise. */
export function noise(bytes: number, seed: number): Heap {
  const random = new Random(seed);
  return () => (random.next() * 2 - 1) * bytes;
}

/** The sum of these, in whole pages. */
export function sum(...heaps: readonly Heap[]): Heap {
  return (second) => paged(heaps.reduce((all, heap) => all + heap(second), 0));
}

/** The points of a worker's memory, `step` seconds apart, for the time that a history covers. */
export function pointsOf(heap: Heap, seconds: number, step = 10): CoarsePoint[] {
  return lifeOf(heap, seconds, step).slice(-MOST_POINTS);
}

/** The points of its whole life. */
export function lifeOf(heap: Heap, seconds: number, step = 10): CoarsePoint[] {
  const count = Math.floor(seconds / step) + 1;
  return Array.from({ length: count }, (_, place) => pointOf(place * step, heap));
}

/** The points that a history covers: an hour. */
export const MOST_POINTS = 360;

/** Points with these amounts of memory, `step` seconds apart. @param pids of the worker's process at each point */
export function pointsWith(memory: readonly number[], pids: readonly number[], step: number): CoarsePoint[] {
  return memory.map((bytes, place) => pointOf(place * step, () => bytes, pids[place]));
}

/** Unix seconds of the first point. */
export const BEGAN = 1_795_335_000;

function pointOf(second: number, heap: Heap, pid = 1): CoarsePoint {
  const none = new Float32Array([Number.NaN]);
  return {
    time: BEGAN + second,
    seconds: 10,
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
    busy: 0,
    queue: null,
    memory: null,
    cheap: 0,
    hadCheap: false,
    reloading: false,
    marks: [],
    workers: {
      requests: none,
      timedRequests: none,
      runningTime: none,
      memory: new Float32Array([heap(second)]),
      pid: new Uint32Array([pid]),
    },
  };
}
