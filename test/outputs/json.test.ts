import { describe, expect, it } from 'vitest';
import type { HostReading } from '../../src/host/reading.ts';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Sample } from '../../src/rates/sample.ts';
import { withHost } from '../../src/rates/with-host.ts';
import { createMask, NO_MASK } from '../../src/text/secrets.ts';
import { observed, observing } from '../monitor/observing.ts';
import {
  app,
  appBetween,
  changes,
  core,
  hostReading,
  NOW,
  processReading,
  reading,
  socket,
  worker,
} from '../rates/builders.ts';
import { NAMES } from '../stats/captures.ts';
import { firstSample, lookedAt, secondSample } from '../views/samples.ts';

const printed = (sample: Sample, mask = createMask()) => JSON.parse(sampleJson(observed(sample), mask));

describe.each(NAMES)('the JSON of %s', (name) => {
  const first = printed(firstSample(name));
  const second = printed(secondSample(name));

  it('contains the schema, the target and the time', () => {
    const time = (at: number) => new Date((lookedAt(name) + at) * 1000).toISOString();
    expect(second).toMatchObject({
      schema: 'statstop.sample/1',
      target: '/srv/app/uwsgi.status',
      time: time(0),
      interval: 2,
      reset: false,
    });
    expect(first).toMatchObject({ time: time(-2), interval: null, reset: false });
  });

  it('has no rates in a first sample, and all in the second', () => {
    for (const [path, rate] of Object.entries(changes(first))) expect([path, rate]).toEqual([path, null]);
    for (const rate of Object.values(changes(second))) expect(rate).not.toBe(undefined);
    if (second.kind === 'app') expect(second.totals.rps).toBeGreaterThanOrEqual(0);
  });

  it('contains no secret unless masking is off', () => {
    const secrets = ['deadbeef', 'c0ffee', 'dXNlcjpwYXNz'];
    const text = sampleJson(observed(secondSample(name)), createMask());
    for (const secret of secrets) expect(text).not.toContain(secret);
    if (name === 'threads') {
      for (const secret of secrets)
        expect(sampleJson(observed(secondSample(name)), NO_MASK)).toContain(secret);
    }
  });

  it('has every time as ISO 8601, near the time of the capture', () => {
    const instants = leaves(second).filter(([path]) =>
      /(^time|At|Start|lastSpawn|Seen|born|Run|Check|Ready)$/.test(path),
    );
    expect(instants.length).toBeGreaterThan(0);
    for (const [path, value] of instants) {
      if (value === null || path.endsWith('cursedAt')) continue;
      const at = Date.parse(String(value)) / 1000;
      expect([path, value]).toEqual([path, new Date(at * 1000).toISOString()]);
      expect(lookedAt(name) - at).toBeLessThan(3600);
    }
    // No other number is a current Unix time.
    for (const [path, value] of leaves(second))
      if (typeof value === 'number' && !/hash|uuid|checksum|metrics/.test(path))
        expect([path, value > 1.7e9]).toEqual([path, false]);
  });

  it('contains no character that a terminal interprets', () => {
    const found = sampleJson(observed(secondSample(name)), NO_MASK).match(
      /[^\n\P{Cc}]|\p{Cf}|\p{Zl}|\p{Zp}/gu,
    );
    expect(found).toBeNull();
  });
});

describe('the JSON of an app', () => {
  const vars = [
    'REQUEST_METHOD=GET',
    'REQUEST_URI=/a?token=hunter2',
    'HTTP_COOKIE=id=hunter2',
    'HTTP_HOST=a.example',
  ];
  const busy = worker({
    status: 'busy',
    lastSpawn: NOW - 60,
    cores: [core({ inRequest: true, requestStart: NOW - 3, vars })],
  });
  const sample = appBetween(app([busy]), app([{ ...busy, requests: 30 }]));

  it('lists the requests in flight once, in their own list', () => {
    const { inFlight, workers } = printed(sample);
    expect(inFlight).toEqual([
      {
        worker: 1,
        core: 0,
        method: 'GET',
        uri: '/a?token=***',
        host: 'a.example',
        remote: null,
        age: 5,
        long: null,
        vars: [
          { name: 'REQUEST_METHOD', value: 'GET' },
          { name: 'REQUEST_URI', value: '/a?token=***' },
          { name: 'HTTP_COOKIE', value: '***' },
          { name: 'HTTP_HOST', value: 'a.example' },
        ],
      },
    ]);
    expect(workers[0].cores[0]).not.toHaveProperty('vars');
    expect(printed(sample, NO_MASK).inFlight[0]).toMatchObject({ uri: '/a?token=hunter2' });
  });

  it('contains restarts of daemons, and the children of the master that the document does not list', () => {
    const at = (second: number, daemon: number, mule: number) => ({
      ...reading(app([worker()], { daemons: [{ command: 'redis', pid: daemon, respawns: null }] }), second),
      host: hostReading([], {
        children: new Map([[mule, { ...processReading({ pid: mule, rss: 4096 }), command: 'uWSGI mule 1' }]]),
      }),
    });
    const known = observing('test', [at(0, 7, 8), at(2, 70, 80)]);
    const { daemons, children } = JSON.parse(sampleJson(known, NO_MASK));
    expect(daemons).toEqual([{ command: 'redis', pid: 70, respawns: null, restarts: 1 }]);
    expect(children).toMatchObject([
      { kind: 'mule', name: 'uWSGI mule 1', pid: 80, restarts: 1, process: { rss: 4096 } },
    ]);
  });

  it('contains the rates beside their counters', () => {
    const { totals, workers } = printed(sample);
    expect(totals).toMatchObject({ workers: 1, busy: 1, requests: 30, requestsDelta: 20, rps: 10 });
    expect(workers[0]).toMatchObject({ id: 1, requests: 30, rps: 10, share: 1, lastSpawn: iso(NOW - 60) });
    expect(workers[0]).not.toHaveProperty('before');
  });

  it('contains the host reading, marked as such', () => {
    const sockets = [socket({ name: '/a' }), socket({ name: ':1', queue: 1, maxQueue: 9 })];
    const queues = new Map([['/a', { queue: 7, limit: 50 }]]);
    const processes = [processReading({ cpu: 0.5, files: 9 }), processReading({ pid: 999 })];
    const snapshot = app([worker(), worker({ pid: 102 })], { sockets });
    const document = (host: HostReading | null) =>
      printed(sampleOf('test', { ...reading(withHost(snapshot, host)), host }, null));
    const known = document(hostReading(processes, { queues }));
    const process = {
      cpu: 0.5,
      cpuTime: 1,
      rss: 4096,
      threads: 1,
      files: 9,
      voluntarySwitches: null,
      involuntarySwitches: null,
      state: 'S',
      started: iso(NOW - 3600),
    };
    expect(known.workers.map(({ process }: { process: unknown }) => process)).toEqual([process, null]);
    expect(known.host).toEqual({
      processors: 4,
      memory: 1e9,
      available: null,
      load: null,
      cpu: 1.5,
      rss: 2 * 4096 + 1024,
      master: { ...process, rss: 1024, files: null },
    });
    expect(known.sockets).toMatchObject([
      { name: '/a', queue: 7, maxQueue: 50, queueSource: 'kernel' },
      { name: ':1', queue: 1, maxQueue: 9, queueSource: 'uwsgi' },
    ]);
    const first = document(hostReading([processReading({ cpu: null })]));
    expect(first.host).toMatchObject({ cpu: null, rss: 5120 });
    const elsewhere = document(null);
    expect(elsewhere.host).toBeNull();
    expect(elsewhere.workers[0].process).toBeNull();
    expect(elsewhere.sockets[0]).toMatchObject({ queue: null, queueSource: null });
  });

  it('reports a reset of the counters, without rates', () => {
    const reset = printed(appBetween(app([{ ...busy, requests: 50 }]), app([busy])));
    expect(reset).toMatchObject({ reset: true, interval: 2, totals: { requests: 10, rps: null } });
    for (const rate of Object.values(changes(reset))) expect(rate).toBeNull();
  });

  it('omits only the lists that the server does not have', () => {
    expect(printed(sample)).not.toHaveProperty('caches');
    expect(printed(appBetween(null, app([])))).toMatchObject({ workers: [], inFlight: [] });
  });

  it('has null for a time that is out of range', () => {
    expect(printed(appBetween(null, app([worker({ lastSpawn: 9e18 })]))).workers[0].lastSpawn).toBeNull();
  });
});

function iso(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}

/** Every value that is not a list or an object, with its path. */
function leaves(value: unknown, path = ''): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`));
}
