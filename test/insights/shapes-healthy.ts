import type { Random } from '../../src/demo/random.ts';
import { MIB } from './heaps.ts';
import { type Family, gathered, LENGTH, STEP, scaled, sizeOf, teethOf } from './shapes.ts';

const jump = (at: number, size: number, ramp: number) => (second: number) =>
  size * Math.min(1, Math.max(0, (second - at) / ramp));

/** A random walk that returns towards zero. */
function walk(random: Random, step: number, back: number): (second: number) => number {
  let at = 0;
  return gathered(() => {
    const change = (random.next() * 2 - 1) * step * Math.sqrt(3) - (at * STEP) / back;
    at += change;
    return change;
  });
}

/** Memory that does not leak, by its behaviour. */
export const HEALTHY: Readonly<Record<string, Family>> = {
  warm(random) {
    const base = sizeOf(random);
    const size = scaled(random, 10, 200) * MIB;
    const tau = scaled(random, 5, 900);
    return {
      memory: (second) => base + size * (1 - Math.exp(-second / tau)),
      // By then its rate is four fifths of its mean until then.
      undecided: [{ from: 0, to: tau / 2 }],
    };
  },
  'a cache that gets full'(random) {
    const base = sizeOf(random);
    const at = random.integer(0, 5400);
    const ramp = random.integer(300, 2400);
    const size = scaled(random, 10, 200) * MIB;
    const fill = jump(at, size, ramp);
    return {
      memory: (second) => base + fill(second),
      // The growth is a line, and its end is only seen after a while.
      undecided: [{ from: at, to: at + ramp * 1.25 + 120 }],
    };
  },
  'short lives'(random) {
    const base = sizeOf(random);
    const life = random.integer(6, 29) * STEP;
    const size = random.integer(10, 80) * MIB;
    return {
      memory: (second) => base + (size * (second % life)) / life,
      respawns: (second) => second > 0 && second % life === 0,
    };
  },
  day(random) {
    const base = sizeOf(random);
    const size = random.integer(20, 150) * MIB;
    const phase = random.next() * 7;
    return { memory: (second) => base + size * (1 + Math.sin((second / 86_400) * 2 * Math.PI + phase)) };
  },
  'pages copied on write'(random) {
    const base = sizeOf(random);
    const size = scaled(random, 5, 60) * MIB;
    const tau = random.integer(5, 60);
    return { memory: (second) => base + size * Math.log(1 + second / tau) };
  },
  walk(random) {
    const base = sizeOf(random);
    const at = walk(random, scaled(random, 0.3, 3) * MIB, scaled(random, 120, 1200));
    return { memory: (second) => base + at(second) };
  },
  'one large request'(random) {
    const base = sizeOf(random);
    const at = random.integer(0, LENGTH);
    const up = jump(at, 200 * MIB, random.integer(5, 60));
    const down = jump(at + 70, (random.chance(0.5) ? 80 : 0) * MIB, 20);
    return { memory: (second) => base + up(second) - down(second) };
  },
  garbage(random) {
    const base = sizeOf(random);
    const teeth = teethOf(random.integer(5, 80) * MIB, random.integer(10, 300));
    return { memory: (second) => base + teeth(second) };
  },
  'two loads'(random) {
    const base = sizeOf(random);
    const [first, second] = [random.integer(0, LENGTH), random.integer(0, LENGTH)];
    const [a, b] = [first, second].map((at) =>
      jump(at, random.integer(10, 120) * MIB, random.integer(10, 60)),
    );
    return { memory: (now) => base + (a?.(now) ?? 0) + (b?.(now) ?? 0) };
  },
  noise(random) {
    const base = sizeOf(random);
    return { memory: () => base * (1 + 0.02 * (random.next() * 2 - 1)) };
  },
  'a cache that is emptied'(random) {
    const base = sizeOf(random);
    const period = random.integer(360, 1200);
    const teeth = teethOf(random.integer(10, 80) * MIB, period);
    // The first period is a line like that of a leak.
    return { memory: (second) => base + teeth(second), undecided: [{ from: 0, to: period + 60 }] };
  },
  rush(random) {
    const base = sizeOf(random);
    const [at, length] = [random.integer(0, 3600), random.integer(3600, 5400)];
    const size = random.integer(10, 60) * MIB;
    const bump = (second: number) => Math.max(0, Math.min(1, (second - at) / length));
    return {
      memory: (second) => base + size * Math.sin(bump(second) * Math.PI),
      undecided: [{ from: at, to: at + length / 2 }],
    };
  },
  'warm in two ways'(random) {
    const base = sizeOf(random);
    const [fast, slow] = [random.integer(10, 30), random.integer(120, 500)];
    const [more, less] = [random.integer(20, 100) * MIB, random.integer(20, 100) * MIB];
    return {
      memory: (second) =>
        base + more * (1 - Math.exp(-second / fast)) + less * (1 - Math.exp(-second / slow)),
    };
  },
  'jumps up and down'(random) {
    const base = sizeOf(random);
    let at = 0;
    const sum = gathered(() => {
      const up = random.chance(STEP / 600) ? random.integer(2, 20) * MIB : 0;
      const down = random.chance(STEP / 900) ? -at * random.next() : 0;
      at += up + down;
      return up + down;
    });
    return { memory: (second) => base + sum(second) };
  },
  'a load at the first request'(random) {
    const base = sizeOf(random);
    const load = jump(random.integer(0, 3600), random.integer(50, 500) * MIB, random.integer(5, 75));
    return { memory: (second) => base + load(second) };
  },
  'a load at the start'(random) {
    const base = sizeOf(random);
    const load = jump(0, random.integer(50, 500) * MIB, random.integer(20, 130));
    return { memory: (second) => base + load(second) };
  },
  'large requests'(random) {
    const base = sizeOf(random);
    const period = random.integer(20, 120);
    const load = jump(0, random.integer(50, 500) * MIB, random.integer(10, 80));
    return { memory: (second) => base + load(second % period) };
  },
  'recycled by max-requests'(random) {
    const base = sizeOf(random);
    const life = random.integer(6, 60) * STEP;
    const perMinute = scaled(random, 20, 200) * MIB;
    return {
      memory: (second) => base + ((second % life) * perMinute) / 60,
      respawns: (second) => second > 0 && second % life === 0,
      // The first life is a line like that of a leak.
      undecided: [{ from: 0, to: life }],
    };
  },
  'loads of many kinds'(random) {
    const base = sizeOf(random);
    const loads = Array.from({ length: 6 }, () =>
      jump(random.integer(0, LENGTH), random.integer(20, 120) * MIB, random.integer(3, 40)),
    );
    return { memory: (second) => base + loads.reduce((sum, load) => sum + load(second), 0) };
  },
};
