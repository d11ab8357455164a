import { describe, expect, it } from 'vitest';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { app, core, NOW, socket, worker } from '../rates/builders.ts';
import { cores, frame, held, seconds } from './cases.ts';
import { courseOf, foundAfter, look, queued } from './looks.ts';

const rulesOf = (...args: Parameters<typeof foundAfter>) => foundAfter(...args).map(({ rule }) => rule);
const textOf = (rule: string, ...args: Parameters<typeof foundAfter>) =>
  foundAfter(...args).find((each) => each.rule === rule)?.text;

describe('queue', () => {
  const full = (given: Parameters<typeof socket>[0]) =>
    seconds(4, () => app([worker()], { sockets: [socket(given)] }));

  it('reports how many wait, and whether it is full', () => {
    expect(textOf('queue', full({ queue: 99, maxQueue: 100 }))).toBe(
      'listen queue filling: 99 waiting, limit 100; 1 of 1 core free',
    );
    expect(textOf('queue', full({ queue: 100, maxQueue: 100 }))).toBe(
      'listen queue full: 100 waiting, limit 100; 1 of 1 core free',
    );
    // The kernel accepts one more than the limit.
    expect(textOf('queue', full({ queue: 101, maxQueue: 100 }))).toMatch(/full: 101 waiting, limit 100/);
  });

  it('has no finding if no queue is known', () => {
    expect(rulesOf(full({ queue: null, maxQueue: null }))).toEqual([]);
    expect(rulesOf(full({ queue: 5, maxQueue: null }))).toEqual([]);
    expect(rulesOf(seconds(4, () => app([worker()], { listenQueue: 50 })))).toEqual([]);
  });

  it('uses the socket with the longest queue', () => {
    const two = app([], {
      sockets: [
        socket({ queue: 0, maxQueue: 100 }),
        socket({ queue: 60, maxQueue: 100 }),
        socket({ queue: 5, maxQueue: 100 }),
      ],
    });
    expect(
      textOf(
        'queue',
        seconds(4, () => two),
      ),
    ).toMatch(/60 waiting, limit 100/);
  });
});

describe('busy', () => {
  const findingOf = (frames: Parameters<typeof foundAfter>[0]) =>
    foundAfter(frames).find(({ rule }) => rule === 'busy');
  const busy = app([held(2), held(2)]);
  const idle = app([held(2), cores(2, 0)]);

  it('reports how many cores, and for how long', () => {
    expect(
      textOf(
        'busy',
        seconds(12, () => busy),
      ),
    ).toMatch(/^all 4 cores busy for 12s, oldest on 1:0$/);
    expect(
      textOf(
        'busy',
        seconds(12, () => app([held(1)])),
      ),
    ).toMatch(/^the only core busy for 12s, /);
    const finding = findingOf(seconds(12, () => busy));
    expect(finding?.since).toBe(NOW);
  });

  it('restarts whenever a core was free', () => {
    const last = (second: number) => app([held(2), held(2, second - (second % 5))]);
    const course = courseOf(look(seconds(40, (second) => (second % 5 === 4 ? idle : last(second)))), 'busy');
    expect(new Set(course)).toEqual(new Set(['-']));
  });

  it('ends soon after a core is free', () => {
    const looks = look(seconds(30, (second) => (second > 20 ? idle : busy)));
    expect(courseOf(looks, 'busy').slice(20)).toEqual([
      'warning',
      'warning',
      'warning',
      ...Array(8).fill('-'),
    ]);
  });

  it('has no finding if the cores are unknown, because a busy worker can have free cores', () => {
    const nocores = worker({ status: 'busy', cores: [] });
    expect(rulesOf(seconds(40, () => app([nocores, nocores])))).toEqual([]);
  });

  it('does not count workers that do not run', () => {
    const cheap = worker({ pid: null, status: 'cheap', cores: [core()] });
    expect(
      textOf(
        'busy',
        seconds(6, () => app([held(2), cheap])),
      ),
    ).toMatch(/^all 2 cores busy for 6s, /);
    expect(rulesOf(seconds(600, () => app([cheap, cheap])))).toEqual([]);
  });

  it('includes a server that starts its first worker', () => {
    const cheap = worker({ pid: null, status: 'cheap', cores: [core()] });
    const wakes = seconds(60, (second) => app([second < 10 ? cheap : cores(1, 1)]));
    expect(rulesOf(wakes)).toContain('busy');
  });

  it('counts a single reading as a moment, even if the next one is far away', () => {
    // Reads 40 s apart; at one of them all cores were busy.
    const moment = app([held(2), held(2, 119)]);
    const rare = [idle, idle, moment, idle].map((snapshot) => frame(snapshot, 40));
    expect(new Set(courseOf(look(rare), 'busy'))).toEqual(new Set(['-']));
    // Two consecutive ones cover the time between them.
    const lasting = app([held(2), held(2, 39)]);
    expect(findingOf([idle, lasting, lasting].map((snapshot) => frame(snapshot, 20)))).toMatchObject({
      rule: 'busy',
      severity: 'warning',
      text: expect.stringMatching(/^all 4 cores busy for 20s/),
    });
  });

  it('is known from the first reading, by the requests that all cores are in', () => {
    expect(findingOf([frame(app([held(2, -70), held(2, -60)]), 0)])).toMatchObject({
      severity: 'critical',
      text: expect.stringMatching(/^all 4 cores busy for 59s/),
      since: NOW - 59,
    });
    expect(findingOf([frame(app([held(2, -70), cores(2, 1)]), 0)])).toBeUndefined();
    expect(findingOf([frame(app([held(2, -70), cores(2, 2)]), 0)])).toBeUndefined();
  });

  it('reports the full time, also beyond the history with one point per second', () => {
    const finding = findingOf(seconds(1500, () => busy));
    expect(finding).toMatchObject({
      text: expect.stringMatching(/^all 4 cores busy for 25m00s/),
      since: NOW,
    });
  });

  it('is the same with several reads per second', () => {
    const often = Array.from({ length: 80 }, () => frame(busy, 0.1));
    expect(textOf('busy', often)).toMatch(/busy for [78]s/);
  });
});

describe('stuck', () => {
  const running = (...ages: (number | null)[]): AppSnapshot =>
    app(
      ages.map((age, place) =>
        worker({
          status: 'busy',
          cores: [
            core(),
            core({
              id: 1,
              inRequest: true,
              requestStart: age === null ? null : NOW - age,
              vars: ['REQUEST_METHOD=POST', `REQUEST_URI=/report/${place}`],
            }),
          ],
        }),
      ),
    );

  it('reports the core, the request and the time', () => {
    expect(textOf('stuck', [frame(running(3, 75), 0)])).toBe(
      'request running for 1m15s on 2:1: POST /report/1',
    );
  });

  it.each([
    { ages: [24, 24, 23], text: '3 requests for 24s, oldest on 1:1: POST /report/0' },
    { ages: [40, 21, 38], text: '3 requests for 21s to 40s, oldest on 1:1: POST /report/0' },
    { ages: [40, 20, 19, 1], text: '2 requests for 20s to 40s, oldest on 1:1: POST /report/0' },
  ])('reports the real ages of those that are at least half as old: $ages', ({ ages, text }) => {
    expect(textOf('stuck', [frame(running(...ages), 0)])).toBe(text);
  });

  it('reports a request without details', () => {
    const bare = app([worker({ cores: [core({ inRequest: true, requestStart: NOW - 30 })] })]);
    expect(textOf('stuck', [frame(bare, 0)])).toBe('request running for 30s on 1:0');
  });

  it('has no finding if the start is unknown', () => {
    expect(rulesOf([frame(running(null, null), 0)])).toEqual([]);
    expect(textOf('stuck', [frame(running(null, 30), 0)])).toContain('on 2:1');
  });

  it('ends with the request and then reports the next one', () => {
    const course = [running(70, 5), running(12), running(3)].map((snapshot) => frame(snapshot, 0));
    expect(courseOf(look(course), 'stuck')).toEqual(['critical', 'warning', '-']);
  });

  it('has no finding for a request that begins in the future', () => {
    expect(rulesOf([frame(running(-1e6), 0)])).toEqual([]);
  });
});

describe('exceptions', () => {
  const did = (requests: number, exceptions: number | null) => app([worker({ requests, exceptions })]);
  const gained = (requests: number, exceptions: number, seconds = 10) => [
    frame(did(0, 0), 0),
    frame(did(requests, exceptions), seconds),
  ];

  it('reports how many, their share and the time', () => {
    expect(textOf('exceptions', gained(200, 5))).toBe('5 exceptions in 10s, 2.5% of requests');
    expect(textOf('exceptions', gained(20, 10))).toBe('10 exceptions in 10s, 50% of requests');
  });

  it('has no finding below the minimum number, for any share', () => {
    expect(rulesOf(gained(4, 4))).toEqual([]);
    expect(rulesOf(gained(5, 5))).toEqual(['exceptions']);
  });

  it('never exceeds 100%, although requests are counted later than their exceptions', () => {
    expect(textOf('exceptions', gained(1, 5))).toContain('100%');
    expect(textOf('exceptions', gained(0, 5))).toContain('100%');
  });

  it('covers the last minute only', () => {
    const looks = look(seconds(100, (second) => did(10 * second, Math.min(7, second))));
    const course = courseOf(looks, 'exceptions');
    expect(course.indexOf('-')).toBe(0);
    expect(course.findIndex((each) => each !== '-')).toBe(5);
    expect(course.lastIndexOf('warning')).toBeGreaterThan(55);
    expect(course.lastIndexOf('warning')).toBeLessThan(75);
  });

  it('does not count across a reload, because that interval is unknown', () => {
    const frames = [frame(did(1000, 500), 0), frame(did(10, 0), 1), frame(did(20, 0), 1)];
    expect(rulesOf(frames)).toEqual([]);
    // Exceptions after the reload count.
    expect(rulesOf([...frames, frame(did(30, 9), 1)])).toEqual(['exceptions']);
  });

  it('has no finding if exceptions are not counted', () => {
    expect(rulesOf([frame(did(0, null), 0), frame(did(100, null), 10)])).toEqual([]);
  });
});

describe('write errors', () => {
  it('reports how many, summed over all cores', () => {
    const did = (requests: number, ...writeErrors: (number | null)[]) =>
      app([
        worker({ requests, cores: writeErrors.map((writeErrors, id) => core({ id, writeErrors })) }),
        worker(),
      ]);
    expect(textOf('write-errors', [frame(did(0, 0, 0), 0), frame(did(100, 2, 3), 10)])).toBe(
      '5 write errors in 10s, 5.0% of requests',
    );
    expect(rulesOf([frame(did(0, 0, 0), 0), frame(did(100, 2, 2), 10)])).toEqual([]);
    expect(rulesOf([frame(did(0, 0, 0), 0), frame(did(100, 2, 3), 10)])).toEqual(['write-errors']);
    // One at a time, with several reads per second.
    const often = [0, 1, 3, 5, 5].map((errors, read) => frame(did(10 * read, errors), 0.2));
    expect(rulesOf(often)).toEqual(['write-errors']);
    // The sum is unknown if one core has no value.
    expect(rulesOf([frame(did(0, 0, 0), 0), frame(did(100, 9, null), 10)])).toEqual([]);
  });
});

describe('cheaper', () => {
  const cheap = worker({ pid: null, status: 'cheap', cores: [] });
  const full = app([cores(2, 2), cores(2, 2)]);
  const spare = app([cores(2, 2), cheap]);

  it('reports that all workers run', () => {
    const frames = seconds(80, (second) => (second < 10 ? spare : full));
    expect(textOf('cheaper', frames)).toBe('2 of 2 workers running (cheaper), 100% busy');
  });

  it('holds for a minute without a cheap worker', () => {
    const course = courseOf(look(seconds(80, (second) => (second < 10 ? spare : full))), 'cheaper');
    const first = course.indexOf('warning');
    expect(first).toBeGreaterThanOrEqual(10 + 50);
    expect(first).toBeLessThanOrEqual(10 + 61);
  });

  it('has no finding for a server without the cheaper subsystem', () => {
    expect(courseOf(look(seconds(200, () => full)), 'cheaper')).not.toContain('warning');
  });

  it('ends when a worker is cheap again', () => {
    const frames = seconds(130, (second) => (second < 10 || second > 100 ? spare : full));
    const course = courseOf(look(frames), 'cheaper');
    expect(course[100]).toBe('warning');
    expect(course.slice(115)).not.toContain('warning');
  });

  it('lasts as long as its cause, also longer than an hour', () => {
    const frames = Array.from({ length: 500 }, (_, place) => frame(place < 3 ? spare : full, 10));
    const course = courseOf(look(frames), 'cheaper');
    expect(course.slice(20)).not.toContain('-');
  });
});

describe('lopsided', () => {
  /** Four workers with these request counts, of which `idle` are idle. */
  const share = (first: number, each: number, idle = 3, cores_ = 2): AppSnapshot =>
    app([
      cores(cores_, cores_, { requests: first }),
      ...Array.from({ length: 3 }, (_, place) =>
        cores(cores_, place < idle ? 0 : cores_, { requests: place === 0 ? each : 0 }),
      ),
    ]);
  const all = (first: number, each: number, idle?: number, cores_?: number) =>
    seconds(40, (second) => share(first * second, each * second, idle, cores_));

  it('reports which worker, and how many are idle', () => {
    expect(textOf('lopsided', all(95, 5))).toBe('worker 1 serves 95% of requests while 3 workers are idle');
  });

  it('requires enough requests, enough workers, and half of them idle', () => {
    expect(rulesOf(all(19, 0))).toEqual([]);
    expect(rulesOf(all(20, 0))).toEqual(['lopsided']);
    expect(rulesOf(all(95, 5, 2))).toEqual(['lopsided']);
    expect(rulesOf(all(95, 5, 1))).toEqual([]);
    const three = seconds(40, (second) =>
      app([cores(2, 2, { requests: 100 * second }), cores(2, 0), cores(2, 0)]),
    );
    expect(rulesOf(three)).toEqual([]);
  });

  it('has no finding if the worker has a free core', () => {
    const frames = seconds(40, (second) =>
      app([cores(2, 1, { requests: 100 * second }), cores(2, 0), cores(2, 0), cores(2, 0)]),
    );
    expect(rulesOf(frames)).toEqual([]);
  });

  it('has no finding if the cores are unknown', () => {
    // With stats-no-cores a full worker cannot be recognised. On a quiet server the kernel wakes the same one each
    // time.
    const frames = seconds(40, (second) =>
      app([0, 1, 2, 3].map((place) => worker({ requests: place === 0 ? 25 * second : 0, cores: [] }))),
    );
    expect(rulesOf(frames)).toEqual([]);
  });
});

it('a server with several problems has a finding for each', () => {
  const bad = seconds(40, (second) => ({
    ...queued(900),
    workers: app([
      cores(1, 1, { requests: 10 * second, exceptions: 5 * second }),
      cores(1, 1, { requests: 10 * second }),
    ]).workers,
  }));
  expect(rulesOf(bad).sort()).toEqual(['busy', 'exceptions', 'queue']);
});
