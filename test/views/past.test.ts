import { describe, expect, it } from 'vitest';
import { NO_HISTORY } from '../../src/rates/history.ts';
import type { CoarsePoint } from '../../src/rates/point.ts';
import { width } from '../../src/text/clean.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { pastSection } from '../../src/views/past.ts';
import { LOOKED_AT, secondSample, VIEW } from './samples.ts';

const UNKNOWN = Number.NaN;

/** A point of ten seconds; for each worker: requests, seconds of running time, and memory. */
function point(...workers: readonly (readonly [number, number, number])[]): CoarsePoint {
  const each = (at: 0 | 1 | 2) => Float32Array.from(workers, (values) => values[at]);
  return {
    time: 0,
    seconds: 10,
    requests: null,
    timedRequests: null,
    runningTime: null,
    tx: null,
    exceptions: null,
    refused: null,
    work: { begun: null, open: null, cut: null, cores: null },
    writeErrors: null,
    harakiris: null,
    respawns: null,
    cheap: 0,
    hadCheap: false,
    reloading: false,
    busy: null,
    queue: null,
    memory: null,
    marks: [],
    workers: {
      requests: each(0),
      timedRequests: each(0),
      runningTime: each(1),
      memory: each(2),
      pid: new Uint32Array(),
    },
  };
}

/** The end of a part of ten seconds. */
const END = Math.floor(LOOKED_AT / 10) * 10;

function past(worker: number, points: readonly CoarsePoint[], view = VIEW) {
  const hour = points.map((each, at) => ({ ...each, time: END - (points.length - 1 - at) * 10 }));
  // The last part is the one before END.
  const sample = { ...secondSample('threads'), time: END - 0.001 };
  const { fields } = pastSection(worker, { history: { ...NO_HISTORY, hour }, view, sample });
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

describe('the last minutes of a worker', () => {
  it('are curves of the rate, the response time and the memory, with their maximum', () => {
    const hour = [point([10, 1, 2 ** 20]), point([40, 8, 2 ** 21])];
    expect(past(1, hour)).toEqual({
      rps: `|${' '.repeat(34)}▃█|  4.0`,
      'response time': expect.stringMatching(/^\| {34}▅█\| {2}200ms$/),
      rss: expect.stringMatching(/^\| {34}▅█\| {2}2\.0M$/),
    });
  });

  it('belong to the given worker', () => {
    const hour = [point([10, 1, 1], [20, 1, 1])];
    expect(past(2, hour).rps).toMatch(/ 2\.0$/);
    expect(past(1, hour).rps).toMatch(/ 1\.0$/);
  });

  it('have a gap for unknown values; there is no response time without requests', () => {
    const hour = [point([10, 1, 1]), point([UNKNOWN, UNKNOWN, UNKNOWN]), point([0, 0, 1])];
    expect(past(1, hour).rps).toMatch(/█ ▁\| {2}1\.0$/);
    expect(past(1, hour)['response time']).toMatch(/█ {2}\| {2}100ms$/);
  });

  it('are unknown without a history, for a new worker, and before the first interval', () => {
    const blank = /^\| {36}\| {2}-$/;
    const unknown = { rps: blank, 'response time': blank, rss: blank };
    for (const [name, pattern] of Object.entries(unknown)) expect(past(1, [])[name]).toMatch(pattern);
    expect(past(3, [point([1, 1, 1])]).rps).toMatch(/ \| {2}-$/);
    expect(past(1, [{ ...point([UNKNOWN, UNKNOWN, 1]), seconds: 0 }]).rps).toMatch(/ \| {2}-$/);
    for (const requests of [0, 5])
      expect(past(1, [{ ...point([requests, 0, 1]), seconds: 0 }]).rps).toMatch(/ \| {2}-$/);
    // A request that began before these seconds.
    expect(past(1, [point([0, 5, 1])])['response time']).toMatch(/ \| {2}-$/);
  });

  it('have the same width for any history, and use ASCII characters with the ASCII glyphs', () => {
    const ascii = { ...VIEW, glyphs: ASCII };
    for (const length of [0, 1, 36, 37, 360]) {
      const hour = Array.from({ length }, (_, at) => point([at, 1, at]));
      for (const value of Object.values(past(1, hour))) expect(width(value.replace(/ {2}\S+$/, ''))).toBe(38);
      for (const value of Object.values(past(1, hour, ascii))) expect(value).toMatch(/^[\x20-\x7e]*$/);
    }
  });
});
