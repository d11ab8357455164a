import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import type { Worker } from '../../src/stats/snapshot.ts';
import { app, core, hostReading, NOW, processReading, reading, socket, worker } from '../rates/builders.ts';
import { cores, frame, loading, seconds, withoutApp } from './cases.ts';
import { type Frame, foundAfter, looksAt } from './looks.ts';

/** Tests of servers that cannot serve, independent of the load. */

const found = (frames: readonly Frame[], rule: string) =>
  foundAfter(frames).find((each) => each.rule === rule);
const once = (snapshot: Frame['snapshot']) => [frame(snapshot, 0)];

describe('workers that load', () => {
  it('are reported with their number and the longest time', () => {
    const snapshot = app([worker(), loading(300), loading(70), loading(5)]);
    expect(found(once(snapshot), 'loading')).toMatchObject({
      severity: 'warning',
      since: NOW - 300,
      text: '3 of 4 workers still loading after 5m00s',
    });
  });

  it('are critical if no other worker runs', () => {
    const cheap = worker({ status: 'cheap', pid: null, accepting: false });
    expect(found(once(app([loading(60), cheap])), 'loading')).toMatchObject({
      severity: 'critical',
      text: '1 of 1 worker still loading after 1m00s',
    });
    expect(found(once(app([loading(59), cheap])), 'loading')).toBeUndefined();
  });

  it('are not those with unknown values, or that serve after `uwsgi.accepting(0)`', () => {
    for (const given of [{ accepting: null }, { requestsSinceSpawn: 4 }, { lastSpawn: null }])
      expect(foundAfter(once(app([{ ...loading(300), ...given }])))).toEqual([]);
  });

  it('have no cores that count, so that one serving worker can be all busy', () => {
    const snapshot = decode(readFileSync('fixtures/cases/stalled.json'));
    const looks = looksAt(
      [0, 1, 2, 3, 4, 5].map((second) => ({ ...reading(snapshot, second), time: 1795862295 + second })),
    );
    const { sample, findings } = looks.at(-1) ?? {};
    expect(sample).toMatchObject({
      totals: { busy: 1, idle: 0, loading: 3, cores: 1, coresBusy: 1 },
    });
    expect(findings?.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        '3 of 4 workers still loading after 10m05s',
        'the only core busy for 5s, oldest on 1:0: GET /a',
      ]),
    );
  });
});

describe('the advice for a server on this host', () => {
  const pids = (...workers: Worker[]) => {
    const host = hostReading(workers.map(({ pid }) => processReading({ pid: pid ?? 0 })));
    const [first] = foundAfter([{ ...once(app(workers))[0], host } as Frame]);
    return first?.advice;
  };

  it('contains the command with the pid', () => {
    expect(pids(worker({ pid: 102, status: 'pause' }))).toMatch(
      /run kill -TSTP 100 or write p to the master-fifo/,
    );
    expect(pids(loading(90))).toMatch(/py-spy dump --pid 101 /);
  });
});

describe('a paused server', () => {
  it('is critical, and only a warning if a part of the workers is paused', () => {
    const pause = worker({ status: 'pause' });
    expect(found(once(app([pause, pause])), 'paused')).toMatchObject({
      severity: 'critical',
      text: 'server paused: 2 workers',
    });
    expect(found(once(app([pause, cores(1, 1)])), 'paused')).toMatchObject({
      severity: 'warning',
      text: '1 of 2 workers paused',
    });
  });
});

describe('a reload that waits', () => {
  const ended = worker({ pid: null });
  const vars = ['REQUEST_METHOD=GET', 'REQUEST_URI=/report'];
  const running = (given = {}) =>
    worker({ status: 'busy', cores: [core({ inRequest: true, requestStart: NOW, vars, ...given })] });
  const waited = (...workers: Parameters<typeof app>[0]) =>
    found(
      seconds(8, () => app(workers)),
      'reloading',
    );

  it('is reported with its time and the requests it waits for', () => {
    expect(waited(ended, ended, ended, running())).toMatchObject({
      severity: 'warning',
      since: NOW,
      text: 'reloading for 8s, waiting for 4:0 GET /report',
    });
    expect(waited(ended, running({ requestStart: NOW - 5 }), running())?.text).toBe(
      'reloading for 8s, waiting for 2:0 GET /report and 1 other',
    );
  });

  it('explains busy cores and a queue that fills', () => {
    const waiting = () => app([ended, running()], { sockets: [socket({ queue: 50, maxQueue: 100 })] });
    const [first, second, ...others] = foundAfter(seconds(8, waiting));
    expect([first?.rule, second?.rule, others]).toEqual(['reloading', 'queue', []]);
    expect(second?.advice).toMatch(/^A reload or a stop waits for running requests/);
  });

  it('is not a worker that died while another is idle, nor one that cheaper stopped', () => {
    expect(waited(ended, running(), worker())).toBeUndefined();
    expect(waited(worker({ pid: null, status: 'cheap' }), running())).toBeUndefined();
    expect(waited(ended, ended)).toBeUndefined();
  });
});

describe('a server without an application', () => {
  it('is critical, and the text contains the proof', () => {
    expect(found(once(app([withoutApp(3), withoutApp(2)])), 'no-app')).toMatchObject({
      severity: 'critical',
      text: "no application loaded: 5 requests got error 500 (104 bytes each, uWSGI's own page)",
    });
  });

  it('is also found by empty answers, with the advice for them', () => {
    const snapshot = app([worker({ requests: 3, tx: 0 }), worker({ requests: 2, tx: 0 })]);
    expect(found(once(snapshot), 'no-app')).toMatchObject({
      severity: 'critical',
      text: 'no application loaded: 5 requests got an empty response',
      advice: expect.stringContaining('unavailable modifier requested'),
    });
  });

  it('is also found by the answers of the last minute', () => {
    const broken = (second: number) =>
      app([worker({ requests: 1000 + second, tx: 12_345_678 + 104 * second })]);
    expect(found(seconds(4, broken), 'no-app')?.text).toContain('4 requests');
    expect(found(seconds(2, broken), 'no-app')).toBeUndefined();
  });

  it('is not one of PHP, some of whose pages have that size', () => {
    expect(foundAfter(once(app([withoutApp(2)])))).toEqual([]);
    expect(foundAfter(once(app([withoutApp(3), worker({ requests: 7, tx: 900 })])))).toEqual([]);
  });

  it('is also found by the answers since the last reading', () => {
    const before = worker();
    const after = worker({ requests: 13, tx: 5000 + 3 * 104 });
    expect(found([frame(app([before]), 0), frame(app([after]), 1)], 'no-app')?.text).toContain('3 requests');
  });

  it('is not one without requests, nor one with answers of another size', () => {
    expect(foundAfter(once(app([withoutApp(0)])))).toEqual([]);
    expect(foundAfter(once(app([worker({ requests: 3, tx: 313 })])))).toEqual([]);
    expect(foundAfter(once(app([worker({ requests: 3, tx: null })])))).toEqual([]);
  });
});
