import { Random } from '../../src/demo/random.ts';
import type { Reading } from '../../src/rates/sample.ts';
import { jittered } from '../../src/sources/jitter.ts';
import type { Core } from '../../src/stats/snapshot.ts';
import { app, core, NOW, worker } from '../rates/builders.ts';

/** A request: its start and end, in seconds since the tests began. */
interface Span {
  start: number;
  end: number;
}

export interface Rhythm {
  /** Requests per second for each core, evenly spaced, and the seconds that each takes. */
  rate: number;
  seconds: number;
  cores?: number;
  /** Seconds from the start of a request to the first reading. */
  phase: number;
  /** From this second on every core is always in a request; never by default. */
  fullFrom?: number;
  /** Seed for random read times; without it the rhythm is exactly 1 Hz. */
  seed?: number;
}

/** Readings of one worker, one per second, under traffic with an exact rhythm, as a real uWSGI would write them. */
export function readingsOf(rhythm: Rhythm, length: number): Reading[] {
  const { phase, seed } = rhythm;
  const random = seed === undefined ? null : new Random(seed);
  const readings: Reading[] = [];
  for (let at = 10 + phase; at < 10 + length; at += random ? jittered(1, () => random.next()) : 1)
    readings.push(readingAt(rhythm, at));
  return readings;
}

function readingAt(rhythm: Rhythm, at: number): Reading {
  const { cores: count = 1 } = rhythm;
  let runningTime = 0;
  let requests = 0;
  const cores: Core[] = [];
  for (let id = 0; id < count; id += 1) {
    const past = spans(rhythm, at);
    const ended = past.filter(({ end }) => end <= at);
    const open = past.find(({ end }) => end > at);
    runningTime += ended.reduce((sum, { start, end }) => sum + end - start, 0);
    requests += ended.length;
    cores.push(
      core({
        id,
        requests: ended.length,
        inRequest: open !== undefined,
        // uWSGI writes whole seconds.
        requestStart: open ? Math.floor(NOW + open.start) : null,
      }),
    );
  }
  const status = cores.some(({ inRequest }) => inRequest) ? 'busy' : 'idle';
  return {
    snapshot: app([worker({ requests, runningTime, cores, status })]),
    time: NOW + at,
    clock: 100 + at,
  };
}

/** The requests that a core has begun by then. */
function spans({ rate, seconds, fullFrom = Number.POSITIVE_INFINITY }: Rhythm, at: number): Span[] {
  const all: Span[] = [];
  let start = 0;
  while (start <= at) {
    const isFull = start >= fullFrom;
    all.push({ start, end: start + (isFull ? 1 / rate : seconds) });
    start += 1 / rate;
  }
  return all;
}
