import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { AppSample } from '../../src/rates/sample.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { skipWithout } from '../lab/available.ts';
import { countable, type Load, type Outcome, startLoad } from '../lab/load.ts';
import { type Reader, readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import type { UwsgiOptions } from '../lab/uwsgi.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const MODES: readonly (readonly [string, UwsgiOptions])[] = [
  ['prefork', { processes: 3 }],
  ['threads', { processes: 2, threads: 3 }],
  ['cheaper', { processes: 4, cheaper: 1 }],
];

describe.skipIf(skipWithout())('rates of a real server', () => {
  for (const [name, options] of MODES) ratesTest(name, options);
});

describe.skipIf(skipWithout('gevent'))('rates of a real server', () => {
  ratesTest('gevent', { processes: 2, gevent: 10 });
});

function ratesTest(name: string, options: UwsgiOptions) {
  test(`${name}: the rate is the number of requests sent, and the totals are exact`, async () => {
    const server = await serverOf(options);
    const reader = readerOf(server.target);
    const first = await reader.app();
    expect(first.sample.interval).toBeNull();
    expect(first.sample.totals.rps).toBeNull();
    expect(first.sample.totals.requests).toBe(0);

    const load = startLoad({ to: server.http, path: mixed, connections: 20, rate: 150, seconds: 15 });
    await sleep(500);
    await expectTrueRate(reader, load);
    await load.stop();

    const sample = await atRest(reader, load.outcomes.length);
    expectTotals(sample, load.outcomes);
  });

  test(`${name}: the response time is the duration of the requests`, async () => {
    const server = await serverOf(options);
    const reader = readerOf(server.target);
    // Workers that are still loading have no cores to count.
    const { totals } = await appUntil(reader, ({ totals }) => totals.loading === 0 && totals.idle > 0);
    const connections = Math.min(totals.cores ?? 1, 6);
    const load = startLoad({ to: server.http, path: '/sleep/0.1', connections, seconds: 10 });
    await sleep(500);
    await reader.app();
    await sleep(1500);
    const { sample, from, to } = await reader.app();
    await load.stop();

    const took = mean(load.between(from ?? 0, to).map((outcome) => outcome.took));
    const responseTime = sample.totals.responseTime ?? 0;
    // No request sleeps for less time. The clients measure the time in the server and the connection, which is 2 % more
    // on a quiet machine. The true value lies between the two.
    expect(responseTime).toBeGreaterThan(0.0999);
    expect(responseTime).toBeLessThan(took * 1.02);
    let running = 0;
    for (const { worker, ...rates } of sample.workers.filter(({ requestsDelta }) => requestsDelta)) {
      expect(rates.responseTime).toBeGreaterThan(0.0999);
      running += (rates.responseTime ?? 0) * (rates.requestsDelta ?? 0);
      // avg_rt starts at 0, and each request halves the distance to the true value.
      if ((worker.requests ?? 0) > 10) expect(worker.averageResponseTime).toBeGreaterThan(0.0999);
    }
    expect(running / (sample.totals.requestsDelta ?? 0)).toBeCloseTo(responseTime, 9);
  });
}

/** The path of a request: some are quick, some large, and some fail. */
function mixed(index: number): string {
  if (index % 15 === 14) return '/boom';
  return index % 3 === 0 ? '/bytes/5000' : '/';
}

/** Compares statstop's rate over two seconds of load with the requests that ended between its two documents. */
async function expectTrueRate(reader: Reader, load: Load): Promise<void> {
  const first = SYSTEM_CLOCK.monotonic();
  await reader.app();
  await sleep(2000);
  const second = SYSTEM_CLOCK.monotonic();
  const { sample, from, to } = await reader.app();
  // The requests in flight may already be counted.
  await load.stop();
  const { interval, totals, workers } = sample;
  if (from === null || interval === null) throw new Error('it is a first sample');
  expect(interval).toBeCloseTo(to - from, 6);
  const spans = [
    { from: first, to: from },
    { from: second, to },
  ] as const;
  const { least, most } = countable(load.outcomes, ...spans, totals.cores ?? 0);
  const counted = (totals.rps ?? Number.NaN) * interval;
  expect(counted).toBeGreaterThanOrEqual(least - 1e-6);
  expect(counted).toBeLessThanOrEqual(most + 1e-6);
  const ofWorkers = workers.reduce((sum, worker) => sum + (worker.rps ?? 0), 0);
  expect(ofWorkers).toBeCloseTo(totals.rps ?? Number.NaN, 6);
}

/** Waits for the sample after the last request: a response arrives a little before the counters are updated. */
function atRest(reader: Reader, requests: number): Promise<AppSample> {
  return vi.waitFor(
    async () => {
      const { sample } = await reader.app();
      expect(sample.totals.requests).toBe(requests);
      expect(sample.totals.coresBusy).toBe(0);
      return sample;
    },
    { timeout: TIMEOUT_MS, interval: 100 },
  );
}

function expectTotals({ totals, workers, snapshot }: AppSample, outcomes: readonly Outcome[]): void {
  const booms = outcomes.filter(({ path }) => path === '/boom').length;
  expect(outcomes.filter(({ status }) => status === null)).toHaveLength(booms);
  expect(totals.requests).toBe(outcomes.length);
  expect(totals.exceptions).toBe(booms);
  expect(totals.harakiris).toBe(0);

  const bytes = outcomes.reduce((sum, outcome) => sum + outcome.bytes, 0);
  expect(totals.tx).toBeGreaterThanOrEqual(bytes);
  // The remainder is headers.
  expect(totals.tx).toBeLessThan(bytes + 300 * outcomes.length);

  let sum = 0;
  for (const worker of snapshot.workers) {
    sum += worker.requests ?? 0;
    const ofCores = worker.cores.reduce((all, core) => all + (core.requests ?? 0), 0);
    expect(ofCores).toBe(worker.requests);
    expect(worker.requestsSinceSpawn).toBe(worker.requests);
  }
  expect(sum).toBe(outcomes.length);
  const shares = workers.reduce((all, worker) => all + (worker.share ?? 0), 0);
  expect(shares).toBeCloseTo(1, 9);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
