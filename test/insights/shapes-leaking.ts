import { MIB } from './heaps.ts';
import { type Family, gathered, LENGTH, STEP, scaled, sizeOf, teethOf } from './shapes.ts';

/** A leak of this rate that begins at a second. */
function leaking(from: number, perMinute: number) {
  const leaked = (second: number) => (Math.max(0, second - from) * perMinute) / 60;
  return { from, to: LENGTH, leaked };
}

/** Memory that leaks, by its behaviour. */
export const LEAKS: Readonly<Record<string, Family>> = {
  constant(random) {
    const base = sizeOf(random);
    const from = random.chance(0.25) ? 0 : random.integer(0, 5400);
    const leak = leaking(from, scaled(random, 0.5, 100) * MIB);
    return { memory: (second) => base + leak.leaked(second), leaks: [leak] };
  },
  // Each request leaks, and requests come in bursts.
  bursts(random) {
    const base = sizeOf(random);
    const perMinute = scaled(random, 1, 50) * MIB;
    let remaining = 0;
    let isBurst = false;
    const sum = gathered(() => {
      remaining -= STEP;
      if (remaining <= 0) {
        isBurst = !isBurst;
        remaining = random.exponential(isBurst ? 20 : 40);
      }
      return (perMinute / 6) * (isBurst ? 2.6 : 0.2) * (0.7 + 0.6 * random.next());
    });
    return { memory: (second) => base + sum(second), leaks: [{ from: 0, to: LENGTH, leaked: sum }] };
  },
  // The allocator takes memory in steps.
  arenas(random) {
    const base = sizeOf(random);
    const leak = leaking(random.integer(0, 3600), scaled(random, 1, 50) * MIB);
    const step = scaled(random, 0.13, 8) * MIB;
    return { memory: (second) => base + Math.ceil(leak.leaked(second) / step) * step, leaks: [leak] };
  },
  late(random) {
    const base = sizeOf(random);
    const leak = leaking(random.integer(600, 9000), scaled(random, 2, 60) * MIB);
    const teeth = teethOf(random.integer(1, 5) * MIB, random.integer(20, 90));
    return { memory: (second) => base + teeth(second) + leak.leaked(second), leaks: [leak] };
  },
  // With garbage.
  'one of many'(random) {
    const base = sizeOf(random);
    const leak = leaking(random.integer(0, 7200), scaled(random, 1, 60) * MIB);
    const teeth = teethOf(random.integer(1, 10) * MIB, random.integer(20, 60));
    return { memory: (second) => base + teeth(second) + leak.leaked(second), leaks: [leak] };
  },
  noisy(random) {
    const base = sizeOf(random);
    const leak = leaking(random.integer(0, 3600), scaled(random, 1, 60) * MIB);
    const memory = (second: number) => (base + leak.leaked(second)) * (1 + 0.02 * (random.next() * 2 - 1));
    return { memory, leaks: [leak] };
  },
  // Each process leaks until its max-requests. Later ones reuse the memory of the first one.
  sawtooth(random) {
    const base = sizeOf(random);
    const life = random.integer(60, 240) * STEP;
    const perMinute = scaled(random, 2, 50) * MIB;
    const leaked = (second: number) => (second * perMinute) / 60;
    return {
      memory: (second) => base + ((second % life) * perMinute) / 60,
      respawns: (second) => second > 0 && second % life === 0,
      leaks: [{ from: 0, to: life, leaked }],
    };
  },
  'warm, then leaking'(random) {
    const base = sizeOf(random);
    const size = random.integer(20, 80) * MIB;
    const tau = random.integer(10, 60);
    const leak = leaking(0, scaled(random, 1, 30) * MIB);
    return {
      memory: (second) => base + size * (1 - Math.exp(-second / tau)) + leak.leaked(second),
      leaks: [leak],
    };
  },
  // The leak follows the waves of the traffic.
  wave(random) {
    const base = sizeOf(random);
    const perMinute = scaled(random, 2, 40) * MIB;
    const period = random.integer(1200, 3600);
    const phase = random.next() * 7;
    const wave = (second: number) => Math.cos((second / period) * 2 * Math.PI + phase);
    const leaked = (second: number) =>
      (perMinute / 60) * (second + (0.2 * period * (wave(0) - wave(second))) / (2 * Math.PI));
    return { memory: (second) => base + leaked(second), leaks: [{ from: 0, to: LENGTH, leaked }] };
  },
  // A job that runs every one or two minutes.
  jobs(random) {
    const base = sizeOf(random);
    const leak = leaking(random.integer(0, 3600), scaled(random, 2, 40) * MIB);
    const each = random.integer(60, 120);
    const memory = (second: number) =>
      base + leak.leaked(Math.max(leak.from, Math.floor(second / each) * each));
    return { memory, leaks: [leak] };
  },
  // Each request of a worker leaks megabytes.
  fast(random) {
    const base = sizeOf(random);
    const leak = leaking(random.integer(0, 5400), scaled(random, 64, 400) * MIB);
    return { memory: (second) => base + leak.leaked(second), leaks: [leak] };
  },
  'fast, with garbage'(random) {
    const base = sizeOf(random);
    const leak = leaking(random.integer(0, 5400), scaled(random, 64, 400) * MIB);
    const each = random.integer(2, 12);
    const teeth = teethOf(random.integer(1, 40) * MIB, random.integer(5, 40));
    const memory = (second: number) =>
      base + teeth(second) + leak.leaked(Math.max(leak.from, Math.floor(second / each) * each));
    return { memory, leaks: [leak] };
  },
};
