import { describe, expect, it } from 'vitest';
import { harakiriOf, isNearHarakiri } from '../../src/rates/harakiri.ts';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { AppSample, Reading } from '../../src/rates/sample.ts';
import { app, core, hostReading, NOW, reading, worker } from './builders.ts';

/** A worker whose requests began so many seconds ago, at a time, and that had so many harakiris. */
function at(time: number, harakiris: number, ...ages: number[]): Reading {
  const cores = ages.map((age, id) => core({ id, inRequest: true, requestStart: NOW + time - age }));
  const spawns = 1 + harakiris;
  return reading(
    app([worker({ harakiris, spawns, pid: 101 + harakiris, cores: [...cores, core({ id: 9 })] })]),
    time,
  );
}

/** The limit that is known after these readings. */
function limitAfter(...readings: Reading[]): number | null {
  let history = NO_HISTORY;
  let last: AppSample | null = null;
  for (const [place, current] of readings.entries()) {
    const sample = sampleOf('test', current, readings[place - 1] ?? null);
    history = remember(history, sample);
    if (sample.kind === 'app') last = sample;
  }
  return last && harakiriOf(last, history);
}

describe('the limit of harakiri', () => {
  it('is not known before one was seen', () => {
    expect(limitAfter(at(0, 3, 70))).toBeNull();
    expect(limitAfter(at(0, 3, 70), at(1, 3, 71))).toBeNull();
  });

  it('is what the oldest request of the worker had run when it was last seen', () => {
    expect(limitAfter(at(0, 0, 29, 2), at(1, 0, 30, 3), at(2, 1))).toBe(30);
  });

  it('stays until another one shows another, or the server begins anew', () => {
    const first = [at(0, 0, 30), at(1, 1), at(2, 1)];
    expect(limitAfter(...first)).toBe(30);
    expect(limitAfter(...first, at(3, 1, 10), at(4, 2))).toBe(10);
    const anew = reading(app([worker({ requests: 0, harakiris: 0 })]), 5);
    expect(limitAfter(...first, anew)).toBeNull();
  });

  it('is not taken from a worker that had no request, from a moment, or from a long interval', () => {
    expect(limitAfter(at(0, 0), at(1, 1))).toBeNull();
    expect(limitAfter(at(0, 0, 0), at(1, 1))).toBeNull();
    expect(limitAfter(at(0, 0, 30), at(10, 1))).toBeNull();
  });

  it('is what the kernel knows, where it does', () => {
    const known = { ...at(2, 1), host: hostReading([], { harakiri: 45 }) };
    expect(limitAfter(at(0, 0, 30), at(1, 1), known)).toBe(45);
    expect(limitAfter(at(0, 0, 30), at(1, 1), { ...at(2, 1), host: hostReading() })).toBe(30);
  });
});

it('a request is near it in its last fifth', () => {
  expect([23, 24, 30, 99].map((age) => isNearHarakiri(age, 30))).toEqual([false, true, true, true]);
  expect(isNearHarakiri(null, 30)).toBe(false);
  expect(isNearHarakiri(99, null)).toBe(false);
});
