import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import { type Usage, usageOf } from '../../src/rates/usage.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { skipWithout } from '../lab/available.ts';
import { insideOf } from '../lab/inside.ts';
import { type Load, startLoad } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';

/** Seconds between two reads, and seconds of the whole observation. */
const STEP = 0.2;
const LOOK = 5;

/** The usage over the last minute, or over the known part of it, after an observation. */
async function lookAt(target: string): Promise<Usage> {
  const reader = readerOf(target);
  const end = performance.now() + LOOK * 1000;
  let history = NO_HISTORY;
  for (;;) {
    const { sample } = await reader.app();
    history = remember(history, sample);
    if (performance.now() > end) {
      const usage = usageOf(history).find(({ stretch }) => stretch === 'minute');
      if (!usage) throw new Error('the last minute is unknown');
      return usage;
    }
    await sleep(STEP * 1000);
  }
}

/** Five percentage points. */
const POINTS = 0.05;

const CORES = 8;

/** Requests per second that the clients completed since then, and the mean duration in seconds. */
function doneSince(load: Load, from: number): { rps: number; took: number } {
  const to = SYSTEM_CLOCK.monotonic();
  const outcomes = load.between(from, to);
  const took = outcomes.reduce((sum, outcome) => sum + outcome.took, 0) / outcomes.length;
  return { rps: outcomes.length / (to - from), took };
}

describe.skipIf(skipWithout())('the usage of a real server', () => {
  // Each request sleeps for 0.1 s. So the share of eight cores follows from the rate.
  test.each([
    [{ processes: 8 }, 20, 0.25],
    [{ processes: 2, threads: 4 }, 20, 0.25],
    [{ processes: 2, threads: 4 }, 60, 0.75],
  ])('%j with %d requests per second is busy for a share of %d of its time', async (options, rate, busy) => {
    const server = await serverOf(options);
    const load = startLoad({ to: server.http, path: '/sleep/0.1', connections: 16, rate, seconds: 30 });
    await sleep(500);
    const from = SYSTEM_CLOCK.monotonic();
    const usage = await lookAt(server.target);
    const done = doneSince(load, from);
    await load.stop();
    // On a busy machine fewer requests arrive, and each takes longer.
    const least = (busy * done.rps) / rate - POINTS;
    const most = least + 2 * POINTS + (done.rps * (done.took - 0.1)) / CORES;
    expect(usage.busy).toBeGreaterThan(least);
    expect(usage.busy).toBeLessThan(most);
    expect(Math.abs((usage.rps ?? Number.NaN) / done.rps - 1)).toBeLessThan(0.05);
  });

  test('a request that hangs counts as busy', async () => {
    const server = await insideOf({ processes: 4 });
    void server.ask('/hold/1').catch(() => {});
    const load = startLoad({ to: server.http, path: '/sleep/0.1', connections: 8, rate: 10, seconds: 30 });
    await sleep(500);
    const from = SYSTEM_CLOCK.monotonic();
    const usage = await lookAt(server.target);
    const { rps, took } = doneSince(load, from);
    await load.stop();
    server.release();
    expect(usage.busy).toBeGreaterThan(0.25 + (rps * 0.1) / 4 - POINTS);
    expect(usage.busy).toBeLessThan(0.25 + (rps * took) / 4 + POINTS);
  });
});
