import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HostReading } from '../../src/host/reading.ts';
import { decode } from '../../src/stats/decode.ts';
import type { AppSnapshot, Worker } from '../../src/stats/snapshot.ts';
import { app, core, hostReading, NOW, processReading, socket, worker } from '../rates/builders.ts';
import { cores, frame, held, loading, seconds } from './cases.ts';
import { courseOf, type Frame, foundAfter, look, queued } from './looks.ts';

const found = (frames: readonly Frame[], rule: string) =>
  foundAfter(frames).find((each) => each.rule === rule);

describe('the advice for waiting connections', () => {
  const advice = (workers: Worker[], given: Partial<AppSnapshot> = {}, host?: HostReading) => {
    const snapshot = app(workers, { sockets: [socket({ queue: 50, maxQueue: 100 })], ...given });
    const frames = seconds(4, () => snapshot).map((each) => (host ? { ...each, host } : each));
    return found(frames, 'queue')?.advice;
  };
  const lock = (name: string) => ({ locks: [{ name, holder: 77 }] });

  it.each([
    ['all cores are in a request', [held(2)], {}, /^Long requests occupy the cores/],
    ['no worker runs', [worker({ pid: null, status: 'cheap' })], {}, /^No worker is running/],
    [
      'the workers are paused',
      [worker({ status: 'pause' })],
      {},
      /^The workers are paused\. To resume the workers, send SIGTSTP/,
    ],
    ['the application is loading', [worker({ accepting: false })], {}, /^The workers accept no connections/],
    ['an event loop is blocked', [cores(100, 1)], {}, /^With gevent or asyncio/],
    [
      'an event loop is blocked, and another worker is loading',
      [cores(9, 1), loading(5)],
      {},
      /^With gevent/,
    ],
    ['all cores that serve are in a request', [held(2), loading(5)], {}, /^Some workers are still loading/],
    ['a lock is held', [worker()], lock('user 0'), /^Cores are free .* process 77 holds a lock/],
    [
      'idle workers wait for connections',
      [worker()],
      lock('thunder'),
      /^Cores are free but do not accept\. /,
    ],
    ['the cores are unknown and the worker is idle', [worker({ cores: [] })], {}, /^Cores are free/],
    [
      'the cores are unknown and the worker is busy',
      [worker({ cores: [], status: 'busy' })],
      {},
      /^Long requests/,
    ],
  ])('applies if %s', (_, workers, given, expected) => {
    expect(advice(workers, given)).toMatch(expected);
  });

  it('applies if the processes are stopped', () => {
    const stopped = (state: string) => hostReading([processReading({ state })]);
    expect(advice([worker()], {}, stopped('T'))).toMatch(/SIGCONT/);
    expect(advice([worker()], {}, stopped('S'))).not.toMatch(/SIGCONT/);
  });
});

describe('the finding of a queue', () => {
  it('ends with the first reading in which the queue is empty', () => {
    const looks = look(seconds(12, (second) => queued(second < 8 ? 500 : 0)));
    expect(courseOf(looks, 'queue').slice(6)).toEqual(['warning', 'warning', '-', '-', '-', '-', '-']);
  });

  it('remains while connections wait', () => {
    const looks = look(seconds(20, (second) => queued(second < 8 ? 500 : 1)));
    expect(courseOf(looks, 'queue').slice(7, 17)).toEqual(Array(10).fill('warning'));
    expect(courseOf(looks, 'queue').at(-1)).toBe('-');
  });
});

describe('a blocked event loop', () => {
  const waiting = (queue: number, workers: Worker[]) =>
    app(workers, { sockets: [socket({ queue, maxQueue: 100 })] });

  it('is reported with the request that blocks it', () => {
    const vars = ['REQUEST_METHOD=GET', 'REQUEST_URI=/block'];
    const running = core({ inRequest: true, requestStart: NOW, vars });
    const blocked = worker({ cores: [running, ...cores(9, 0).cores], status: 'busy' });
    expect(
      found(
        seconds(6, () => waiting(3, [blocked])),
        'blocked',
      )?.text,
    ).toBe('3 connections waiting, only 1 of 10 cores busy, oldest request on 1:0: GET /block');
  });

  it.each([
    ['nothing waits', waiting(0, [cores(10, 1)])],
    ['half of the cores are busy', waiting(3, [cores(10, 5)])],
    ['the worker has few cores', waiting(3, [cores(2, 1)])],
    ['another worker is idle', waiting(3, [cores(10, 1), cores(10, 0)])],
    ['no core is in a request', waiting(3, [cores(10, 0)])],
  ])('is not found if %s', (_, snapshot) => {
    expect(
      found(
        seconds(20, () => snapshot),
        'blocked',
      ),
    ).toBeUndefined();
  });

  it('is not found if connections wait only occasionally', () => {
    const looks = look(seconds(30, (second) => waiting(second % 3 === 0 ? 0 : 2, [cores(10, 1)])));
    expect(new Set(courseOf(looks, 'blocked'))).toEqual(new Set(['-']));
  });
});

describe('errors of the listen queue', () => {
  it('are found in the document of a server that counts them', () => {
    const snapshot = decode(readFileSync('fixtures/cases/queue-errors.json'));
    expect(found([frame(snapshot)], 'queue-errors')).toMatchObject({
      severity: 'warning',
      text: 'listen queue full 42 times since the start',
    });
  });

  it('are not found if the server writes 0', () => {
    expect(found([frame(app([worker()]))], 'queue-errors')).toBeUndefined();
  });
});

describe('a listen queue of length 0', () => {
  const zero = (name: string, queue = 0) =>
    app([worker()], {
      sockets: [socket({ name, queue, maxQueue: 0 }), socket({ name: 'b', queue: 0, maxQueue: 9 })],
    });

  it('is reported with the connections that the kernel refused', () => {
    const overflows = (listenOverflows: number | null) => hostReading([], { listenOverflows });
    const frames = [5, 5, 9].map((count) => ({ ...frame(zero(':80', 1)), host: overflows(count) }));
    expect(found(frames, 'listen-zero')).toMatchObject({
      severity: 'critical',
      text: "listen queue length 0 on socket :80, 1 connection waiting; the kernel refused 4 TCP connections in 2s, 9 since boot (ListenOverflows of the server's network namespace)",
    });
    expect(found(frames.slice(0, 2), 'listen-zero')).toMatchObject({
      severity: 'warning',
      text: expect.stringMatching(/; the kernel refused 5 TCP connections since boot \(ListenOverflows/),
    });
  });

  it('is reported without a count for a unix socket', () => {
    expect(found([frame(zero('/run/app.sock'))], 'listen-zero')?.text).toMatch(
      /^listen queue length 0 on socket .*; the kernel does not count .* unix sockets \(EAGAIN\)$/,
    );
  });

  it('is not found if the length is unknown', () => {
    const unknown = app([worker()], { sockets: [socket({ queue: null, maxQueue: null })] });
    expect(found([frame(unknown)], 'listen-zero')).toBeUndefined();
  });
});
