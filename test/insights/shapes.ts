import { Random } from '../../src/demo/random.ts';
import type { CoarsePoint } from '../../src/rates/point.ts';
import { BEGAN, MIB, paged, pointsWith } from './heaps.ts';

/** The memory of one worker, and the leaks in it. Times are seconds since its beginning. */
export interface Course {
  points: readonly CoarsePoint[];
  /** Start time of the process at each point, in Unix seconds. */
  spawned: readonly number[];
  /** The times of its leaks, and the bytes leaked by a second. */
  leaks: readonly { from: number; to: number; leaked: (second: number) => number }[];
  /** Times in which it cannot be distinguished from a leak: a finding then is not a mistake. */
  undecided: readonly { from: number; to: number }[];
}

/** A generated course: bytes at a second, and whether its process is replaced at that second. */
interface Drawn {
  memory: (second: number) => number;
  respawns?: (second: number) => boolean;
  leaks?: Course['leaks'];
  undecided?: Course['undecided'];
}

export type Family = (random: Random) => Drawn;

/** Seconds of each course, and between its points. */
export const LENGTH = 3 * 3600;
export const STEP = 10;

export function courseOf(family: Family, seed: number): Course {
  const random = new Random(seed);
  const drawn = family(random);
  const rough = random.skewed(0, 1) * MIB;
  const seconds = Array.from({ length: LENGTH / STEP + 1 }, (_, place) => place * STEP);
  let start = 0;
  const starts = seconds.map((second) => {
    if (drawn.respawns?.(second)) start = second;
    return start;
  });
  const points = pointsWith(
    seconds.map((second) => paged(drawn.memory(second) + rough * random.next())),
    starts.map((second) => second + 1),
    STEP,
  );
  const spawned = starts.map((second) => BEGAN + second);
  return { points, spawned, leaks: drawn.leaks ?? [], undecided: drawn.undecided ?? [] };
}

/** A random number from low to high, evenly distributed on a logarithmic scale. */
export const scaled = (random: Random, low: number, high: number) => low * (high / low) ** random.next();
/** Bytes of a process that has just been started. */
export const sizeOf = (random: Random) => scaled(random, 40, 400) * MIB;

/** The running sum of random steps of ten seconds. */
export function gathered(each: () => number): (second: number) => number {
  const sums = [0];
  for (let place = 0; place <= LENGTH / STEP; place += 1) sums.push((sums[place] ?? 0) + each());
  return (second) => sums[Math.max(0, Math.min(sums.length - 1, Math.floor(second / STEP)))] ?? 0;
}

/** A sawtooth of this size and period, as of a garbage collector. */
export const teethOf = (size: number, period: number) => (second: number) =>
  (size * (second % period)) / period;
