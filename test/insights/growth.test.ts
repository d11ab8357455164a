import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf } from '../../src/insights/growth.ts';
import {
  BEGAN,
  type Heap,
  lifeOf,
  MIB,
  MOST_POINTS,
  noise,
  paged,
  pointsOf,
  pointsWith,
  sum,
  teeth,
} from './heaps.ts';

const grown = (heap: Heap, seconds: number) => growthOf(pointsOf(heap, seconds), 0);
const base = () => 120 * MIB;
const leak =
  (perMinute: number): Heap =>
  (second) =>
    (perMinute * MIB * second) / 60;

/** Points of a worker whose process is replaced at that second. */
const replacedAt = (at: number, heap: Heap, seconds: number) => {
  const times = Array.from({ length: seconds / 10 + 1 }, (_, place) => place * 10);
  const pids = times.map((second) => (second < at ? 1 : 2));
  return pointsWith(
    times.map((second) => paged(heap(second))),
    pids,
    10,
  ).slice(-MOST_POINTS);
};

/** The seconds with a finding, in a life of this length with a reading every ten seconds. */
function falsehoods(heap: Heap, seconds: number): number[] {
  const all = lifeOf(heap, seconds);
  return all.flatMap((_, place) => {
    const points = all.slice(Math.max(0, place + 1 - MOST_POINTS), place + 1);
    return growthOf(points, 0) ? [place * 10] : [];
  });
}

describe('a leak is found with its rate', () => {
  /** MiB per minute, minutes, noise in MiB, size of the sawtooth in MiB. */
  const leaks = [
    [1, 15, 0, 0],
    [1, 30, 0.5, 1],
    [1, 59, 2, 4],
    [5, 6, 0, 0],
    [5, 15, 2, 4],
    [5, 59, 5, 15],
    [50, 6, 5, 10],
    [50, 20, 10, 40],
    [50, 59, 10, 40],
  ] as const;

  it.each(leaks)(
    'of %d MiB per minute in %d minutes, with %d MiB of noise and %d MiB of garbage',
    (...of) => {
      const [perMinute, minutes, rough, garbage] = of;
      for (const seed of [1, 2, 3, 4, 5]) {
        const heap = sum(base, leak(perMinute), noise(rough * MIB, seed), teeth(garbage * MIB, 47));
        const growth = grown(heap, minutes * 60);
        expect(growth).not.toBeNull();
        const off = (growth?.perMinute ?? 0) / (perMinute * MIB) - 1;
        expect(Math.abs(off)).toBeLessThan(0.1);
        expect(growth?.seconds).toBe(minutes * 60);
        // The start and end values agree with the memory within the noise.
        const room = (2 * rough + garbage + 0.1) * MIB;
        expect(Math.abs((growth?.to ?? 0) - heap(minutes * 60))).toBeLessThan(room);
        expect(Math.abs((growth?.from ?? 0) - 120 * MIB)).toBeLessThan(
          room + 0.1 * perMinute * minutes * MIB,
        );
      }
    },
  );

  it('of any rate and size, if the growth is a considerable part of the size', () => {
    const given = fc.record({
      perMinute: fc.double({ min: 1, max: 100, noNaN: true }),
      from: fc.integer({ min: 20, max: 500 }),
      minutes: fc.integer({ min: 15, max: 60 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    fc.assert(
      fc.property(given, ({ perMinute, from, minutes, seed }) => {
        fc.pre(perMinute * minutes > from * 0.1);
        const heap = sum(() => from * MIB, leak(perMinute), noise(0.05 * perMinute * minutes * MIB, seed));
        const growth = grown(heap, minutes * 60);
        expect(Math.abs((growth?.perMinute ?? 0) / (perMinute * MIB) - 1)).toBeLessThan(0.1);
      }),
      { numRuns: 200 },
    );
  });

  it('that grows in steps, like the arenas of an allocator', () => {
    const arenas: Heap = (second) => Math.floor(leak(5)(second) / (4 * MIB)) * 4 * MIB;
    expect((grown(sum(base, arenas), 1200)?.perMinute ?? 0) / (5 * MIB)).toBeCloseTo(1, 1);
  });

  // Minutes without growth before the leak.
  it.each([10, 20, 60, 300])('that begins after %d minutes, with its own rate', (minutes) => {
    const begins = minutes * 60;
    const heap = sum(base, (second) => leak(20)(Math.max(0, second - begins)));
    const looks = Array.from({ length: 120 }, (_, place) => begins + place * 30);
    const first = looks.find((second) => grown(heap, second)) ?? Number.NaN;
    const growth = grown(heap, first);
    expect(first - begins).toBeLessThan(400);
    expect(Math.abs((growth?.perMinute ?? 0) / (20 * MIB) - 1)).toBeLessThan(0.1);
  });

  it('after a restart, for the current process only', () => {
    const heap = sum(base, (second) => leak(5)(second < 1800 ? second : second - 1800));
    const replaced = replacedAt(1800, (second) => heap(second) + (second < 1800 ? 0 : 200 * MIB), 3000);
    const growth = growthOf(replaced, 0);
    expect((growth?.perMinute ?? 0) / (5 * MIB)).toBeCloseTo(1, 1);
    expect(growth?.seconds).toBe(1200);
  });

  it('with readings one minute apart', () => {
    const growth = growthOf(pointsOf(sum(base, leak(5)), 1800, 60), 0);
    expect((growth?.perMinute ?? 0) / (5 * MIB)).toBeCloseTo(1, 1);
  });

  it('with a gap of twenty minutes between the readings', () => {
    const points = pointsOf(sum(base, leak(5)), 3000);
    const growth = growthOf(points.toSpliced(60, 120), 0);
    expect((growth?.perMinute ?? 0) / (5 * MIB)).toBeCloseTo(1, 3);
    expect(growth?.seconds).toBe(3000);
  });

  it('with unknown values between the readings', () => {
    const holes: Heap = (second) => (second % 30 === 0 ? Number.NaN : 120 * MIB + leak(5)(second));
    expect((grown(holes, 1200)?.perMinute ?? 0) / (5 * MIB)).toBeCloseTo(1, 1);
  });

  it('for the worker at that place only', () => {
    const points = pointsOf(sum(base, leak(5)), 1200);
    expect(growthOf(points, 1)).toBeNull();
    expect(growthOf(points, -1)).toBeNull();
  });
});

describe('no leak is found', () => {
  const flat: readonly (readonly [string, Heap])[] = [
    ['in a flat line', base],
    ['in a flat line with noise', sum(base, noise(20 * MIB, 1))],
    ['in the sawtooth of a garbage collector', sum(base, teeth(30 * MIB, 45), noise(2 * MIB, 2))],
    ['in one jump', sum(base, (second) => (second > 900 ? 80 * MIB : 0))],
    ['in two jumps', sum(base, (second) => (second > 1500 ? 80 : second > 600 ? 40 : 0) * MIB)],
    ['in a jump and back', sum(base, (second) => (second > 600 && second < 900 ? 200 * MIB : 0))],
    ['in memory that slowly shrinks', (second) => 500 * MIB - second * 40_000],
    ['in a restart with another size', (second) => (second < 700 ? 200 : 90) * MIB],
    ['in restarts', sum(base, (second) => leak(5)(second % 250))],
    ['in a cache that is filled and emptied in four minutes', sum(base, teeth(20 * MIB, 240))],
    ['in a daily wave', sum(base, (second) => 3 * MIB * Math.sin(second / 600))],
    ['in a growth of a few MiB per hour', sum(base, leak(0.1))],
    ['in a growth that is a small part of the process', sum(() => 4000 * MIB, leak(1))],
    ['in zeros', () => 0],
    ['in unknown values', () => Number.NaN],
  ];

  it.each(flat)('%s, at any time of an hour and a half', (_, heap) => {
    expect(falsehoods(heap, 5400)).toEqual([]);
  });

  // Time constants of the warm-up, in seconds: after three of them a process has 95 % of its final growth.
  it.each([10, 30, 60, 120, 180, 300])(
    'in a process that warms up with a time constant of %d seconds',
    (tau) => {
      for (const more of [20, 60, 150]) {
        const warm: Heap = (second) => more * MIB * (1 - Math.exp(-second / tau));
        expect(falsehoods(sum(base, warm, noise(0.3 * MIB, 3)), 5400)).toEqual([]);
      }
    },
  );

  it.each([10, 30, 60, 90, 150, 200])(
    'in a large process that warms up by hundreds of MiB with a time constant of %d seconds',
    (tau) => {
      for (const more of [200, 400, 800]) {
        const warm: Heap = (second) => more * MIB * (1 - Math.exp(-second / tau));
        expect(falsehoods(sum(base, warm, noise(0.3 * MIB, 3)), 1800)).toEqual([]);
      }
    },
  );

  it('in a load of hundreds of MiB that takes 70 seconds, at any start', () => {
    for (let begin = 600; begin < 610; begin += 1) {
      for (const more of [200, 300, 500]) {
        const load: Heap = (second) => more * MIB * Math.min(1, Math.max(0, (second - begin) / 70));
        expect(falsehoods(sum(base, load, noise(0.5 * MIB, begin)), 1200)).toEqual([]);
      }
    }
  });

  it('in a cache that is filled and emptied every ten minutes, after its first period', () => {
    for (const size of [20, 60])
      expect(falsehoods(sum(base, teeth(size * MIB, 600)), 7200).at(-1) ?? 0).toBeLessThan(700);
  });

  it('in a growth of a few MiB, even if the process is small', () => {
    const small = sum(() => 20 * MIB, leak(1.5));
    expect(grown(small, 310)).toBeNull();
    expect(grown(small, 330)?.perMinute).toBeGreaterThan(1.4 * MIB);
  });

  it('in a process that warms up with a time constant of ten minutes, after that time', () => {
    for (const more of [20, 60, 150]) {
      const warm: Heap = (second) => more * MIB * (1 - Math.exp(-second / 600));
      // In its first minutes it cannot be distinguished from a line.
      expect(falsehoods(sum(base, warm, noise(0.3 * MIB, 3)), 5400).at(-1) ?? 0).toBeLessThan(600);
    }
  });

  it('in less than five minutes, unless it is 96 MiB and a quarter of the process', () => {
    expect(grown(sum(base, leak(10)), 290)).toBeNull();
    expect(grown(sum(base, leak(10)), 300)).not.toBeNull();
    expect(grown(sum(base, leak(60)), 90)).toBeNull();
    expect(grown(sum(base, leak(70)), 80)).toBeNull();
    expect(grown(sum(base, leak(70)), 90)).not.toBeNull();
    expect(
      grown(
        sum(() => 500 * MIB, leak(70)),
        90,
      ),
    ).toBeNull();
    expect(
      grown(
        sum(() => 500 * MIB, leak(70)),
        120,
      ),
    ).not.toBeNull();
  });

  it('in fewer than ten readings, or six if the growth is rapid', () => {
    const read = (perMinute: number, minutes: number) =>
      growthOf(pointsOf(sum(base, leak(perMinute)), minutes * 60, 60), 0);
    expect(read(5, 8)).toBeNull();
    expect(read(5, 9)).not.toBeNull();
    expect(read(50, 4)).toBeNull();
    expect(read(50, 5)).not.toBeNull();
    expect(growthOf([], 0)).toBeNull();
  });

  it('in the first minute of a process, even if it loads much', () => {
    const load = sum(base, leak(200));
    const found = (second: number) => growthOf(pointsOf(load, second), 0, BEGAN);
    for (let second = 0; second < 150; second += 10) expect(found(second)).toBeNull();
    for (let second = 150; second < 300; second += 10)
      expect(found(second)?.seconds).toBeGreaterThanOrEqual(90);
    expect(found(150)?.seconds).toBe(90);
  });

  it('in a process whose memory has been unknown for a minute, or that has ended', () => {
    const points = pointsOf(sum(base, leak(50)), 900);
    const unknown = pointsOf((second) => (second > 850 ? Number.NaN : 120 * MIB + leak(50)(second)), 900);
    expect(growthOf(unknown, 0)).not.toBeNull();
    expect(growthOf(points.slice(0, -1).concat(pointsOf(() => Number.NaN, 970).slice(-1)), 0)).toBeNull();
    const pids = points.map((_, at) => (at < points.length - 1 ? 1 : 0));
    const ended = points.map(({ workers }) => workers.memory[0] ?? 0);
    expect(growthOf(pointsWith(ended, pids, 10), 0)).toBeNull();
  });

  it('in the first reading of a process that reported no memory before', () => {
    const late: Heap = (second) => (second < 600 ? 0 : 120 * MIB);
    expect(falsehoods(late, 3600)).toEqual([]);
    // The memory of the process before it is not used.
    const replaced = sum((second) => (second < 900 ? 400 : second < 960 ? 0 : 90) * MIB);
    const leaky: Heap = (second) => replaced(second) + (second < 960 ? 0 : leak(5)(second - 960));
    expect(growthOf(replacedAt(900, leaky, 1500), 0)).toBeNull();
    const larger: Heap = (second) => leaky(second) + (second < 960 ? 0 : 350 * MIB);
    expect(growthOf(replacedAt(900, larger, 1500), 0)?.seconds).toBe(540);
  });

  it('in any noise around one size', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 300, max: 3600 }), (seed, seconds) => {
        expect(grown(sum(base, noise(30 * MIB, seed)), seconds)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('after it has stopped', () => {
    const stopped = sum(base, (second) => leak(5)(Math.min(second, 1200)));
    const found = falsehoods(stopped, 5400);
    expect(found[0]).toBe(300);
    expect(found.at(-1)).toBeGreaterThan(1100);
    expect(found.at(-1)).toBeLessThan(1200 + 600);
  });
});

it('a leak of constant rate is found at each reading, although the readings vary', () => {
  const wavering = (point: number) => (2.3 * point * 10 + (point % 3)) * 1e6 + 40e6;
  for (let count = 17; count <= 40; count += 1) {
    const memory = Array.from({ length: count }, (_, point) => wavering(point));
    const points = pointsWith(
      memory,
      memory.map(() => 1),
      10,
    );
    expect([count, growthOf(points, 0, BEGAN)]).toEqual([count, expect.anything()]);
  }
});
