import { describe, expect, it } from 'vitest';
import { historyOfAll } from '../../src/monitor/fleet-history.ts';
import { type History, NO_HISTORY, withMarks, withPoint } from '../../src/rates/history.ts';
import type { Point, WorkerPoint } from '../../src/rates/point.ts';

const NOW = 1_795_000_000;

const NO_WORKERS: WorkerPoint = {
  requests: new Float32Array(),
  timedRequests: new Float32Array(),
  runningTime: new Float32Array(),
  memory: new Float32Array(),
  pid: new Uint32Array(),
};

/** A server with 10 requests per second and two of four cores in a request. */
function pointAt(time: number, seconds: number): Point {
  return {
    time,
    seconds,
    requests: 10 * seconds,
    timedRequests: 10 * seconds,
    runningTime: seconds,
    work: { begun: 0, open: 0, cut: 0, cores: 4 * seconds },
    tx: null,
    exceptions: 0,
    writeErrors: 0,
    harakiris: 0,
    respawns: 0,
    busy: 0.5,
    queue: 3,
    refused: 0,
    memory: 100,
    cheap: 0,
    hadCheap: false,
    reloading: false,
    marks: [],
  };
}

/** The history of readings at some seconds before now. */
function read(seconds: number, from: number, to: number): History {
  let history = NO_HISTORY;
  for (let before = from; before >= to; before -= seconds)
    history = withPoint(history, pointAt(NOW - before, seconds), NO_WORKERS);
  return history;
}

const requestsIn = ({ near }: History, from: number, to: number) =>
  near
    .filter(({ time }) => time > NOW - from && time <= NOW - to)
    .map(({ requests }) => requests && Math.round(requests));

describe('the history of several servers, computed from theirs', () => {
  it('has each second and each ten seconds of the last hour', () => {
    const { near, hour } = historyOfAll([read(1, 4000, 0.5), read(1, 4000, 0.5)], NOW);
    expect(near.map(({ time }) => time)).toEqual(Array.from({ length: 600 }, (_, at) => NOW - 599 + at));
    expect(new Set(near.map(({ requests }) => requests))).toEqual(new Set([20]));
    expect(near.at(-1)).toMatchObject({ queue: 6, memory: 200, busy: 0.5, tx: null });
    expect(hour).toHaveLength(360);
    expect(hour.every(({ requests, seconds }) => requests === 200 && seconds === 10)).toBe(true);
  });

  it('has each second of servers with different intervals', () => {
    const history = historyOfAll([read(5, 60, 1), read(1, 60, 0.5)], NOW);
    expect(new Set(requestsIn(history, 50, 0))).toEqual(new Set([20]));
  });

  it('has no numbers of a server that is lost, or was not read for longer than a minute', () => {
    const lost = withMarks(read(1, 60, 20), ['lost']);
    const history = historyOfAll([lost, read(1, 60, 0.5)], NOW);
    expect(requestsIn(history, 30, 20)).toEqual(Array(10).fill(20));
    expect(requestsIn(history, 18, 0)).toEqual(Array(18).fill(10));
    const stopped = historyOfAll([read(1, 300, 200), read(1, 300, 200)], NOW);
    expect(requestsIn(stopped, 200, 141)).toEqual(Array(59).fill(20));
    expect(new Set(requestsIn(stopped, 139, 0))).toEqual(new Set([null]));
  });

  it('compares busy cores only with the cores of the same servers', () => {
    const unknown = read(1, 60, 0.5);
    const without = { ...unknown, near: unknown.near.map((point) => ({ ...point, busy: null })) };
    expect(historyOfAll([without, read(1, 60, 0.5)], NOW).near.at(-1)?.busy).toBe(0.5);
  });

  it('is empty before the first reading', () => {
    expect(historyOfAll([NO_HISTORY, NO_HISTORY], NOW)).toEqual(NO_HISTORY);
  });
});
