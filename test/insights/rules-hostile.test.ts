import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/insights/rules.ts';
import { SEVERITIES } from '../../src/rates/finding.ts';
import { decode } from '../../src/stats/decode.ts';
import type { AppSnapshot, Core, Worker } from '../../src/stats/snapshot.ts';
import { app, core, NOW, socket, worker } from '../rates/builders.ts';
import { EMPEROR, node, router, subscription } from '../rates/routers.ts';
import { capture, NAMES } from '../stats/captures.ts';
import { cache, cores, frame, seconds, spooler } from './cases.ts';
import { type Frame, foundAfter, look, looksAt, readingsOf } from './looks.ts';

/** Every field that can be unknown, as unknown. */
const UNKNOWN_CORE: Partial<Core> = {
  requests: null,
  writeErrors: null,
  readErrors: null,
  requestStart: null,
};
const UNKNOWN: Partial<Worker> = {
  pid: null,
  accepting: null,
  requests: null,
  requestsSinceSpawn: null,
  exceptions: null,
  harakiris: null,
  rss: null,
  vsz: null,
  runningTime: null,
  lastSpawn: null,
  spawns: null,
  tx: null,
  averageResponseTime: null,
};
const unknownApp = (busy: boolean): AppSnapshot =>
  app([worker({ ...UNKNOWN, cores: [core({ ...UNKNOWN_CORE, inRequest: busy })] })], {
    server: { version: null, pid: null, uid: null, gid: null, cwd: null },
    listenQueue: null,
    load: null,
    sockets: [socket({ name: null })],
    caches: [cache({ name: null, items: null, maxItems: null, hits: null, misses: null, full: null })],
    locks: [{ name: '', holder: null }],
  });

const forever = (snapshot: AppSnapshot) => seconds(700, () => snapshot);

describe('nothing is found', () => {
  it.each([
    ['in a server without workers', app([])],
    ['in a server with an empty document', unknownApp(false)],
    ['in workers without cores', app([worker({ cores: [] }), worker({ cores: [] })])],
    ['in 4096 idle workers', app(Array.from({ length: 4096 }, () => worker({ rss: 1e8 })))],
  ])('%s', (_, snapshot) => {
    const looks = look(snapshot.workers.length > 100 ? seconds(20, () => snapshot) : forever(snapshot));
    for (const { findings } of looks) expect(findings).toEqual([]);
  });

  it.each([
    ['an emperor', { ...EMPEROR, throttle: null }],
    ['a router', router({ subscriptions: [subscription('a', null, [node('b', { deathMark: null })])] })],
  ])('in %s with unknown values', (_, snapshot) => {
    for (const { findings } of look([frame(snapshot, 0), frame(snapshot), frame(snapshot)]))
      expect(findings).toEqual([]);
  });

  it('in the first reading of a server with many past errors', () => {
    const past = worker({
      exceptions: 1e6,
      harakiris: 1e5,
      spawns: 1e5,
      cores: [core({ writeErrors: 1e6 })],
    });
    const caches = [cache({ misses: 1e9, full: 1e9 })];
    expect(foundAfter([frame(app([past, past], { caches }), 0)])).toEqual([]);
    expect(
      foundAfter([frame(app([past, past], { caches }), 0), frame(app([past, past], { caches }))]),
    ).toEqual([]);
  });

  it('in counters that went back', () => {
    const at = (value: number) =>
      app([worker({ requests: value, exceptions: value, harakiris: value, spawns: value, tx: value })]);
    for (const { findings } of look([1000, 10, 2000, 0].map((value) => frame(at(value)))).slice(0, 2))
      expect(findings).toEqual([]);
  });

  it('in two readings at the same time', () => {
    const snapshot = app([cores(2, 2)], { caches: [cache()] });
    for (const { findings } of look(Array.from({ length: 50 }, () => frame(snapshot, 0))))
      expect(findings).toEqual([]);
  });
});

describe('a reset', () => {
  const all = seconds(400, (second) => {
    // At second 200 another master starts.
    const age = second < 200 ? second : second - 200;
    return app(
      [0, 1].map(() =>
        worker({
          requests: 50 * age,
          tx: 1000 * age,
          runningTime: age / 10,
          pid: 7 + (second < 200 ? 0 : 5),
        }),
      ),
      { server: { version: '2.0.21', pid: second < 200 ? 1 : 2, uid: 0, gid: 0, cwd: '/' } },
    );
  });

  it('is not a finding', () => {
    for (const { findings } of look(all)) expect(findings).toEqual([]);
  });

  it('ends earlier findings within the time of the rule', () => {
    const raised = all.map(({ seconds, snapshot }, second): Frame => {
      if (snapshot.kind !== 'app' || second < 150 || second >= 200) return { seconds, snapshot };
      const workers = snapshot.workers.map((each) => ({ ...each, exceptions: second - 150 }));
      return { seconds, snapshot: { ...snapshot, workers } };
    });
    const looks = look(raised);
    expect(looks[190]?.findings.map(({ rule }) => rule)).toEqual(['exceptions']);
    expect(looks[280]?.findings).toEqual([]);
  });
});

describe('extreme numbers', () => {
  const MOST = Number.MAX_SAFE_INTEGER;
  const number = fc.oneof(
    fc.constantFrom(null, 0, 1, MOST, 2 ** 32, 1e15),
    fc.integer({ min: 0, max: 1000 }),
  );
  const snapshots = fc
    .record({
      requests: number,
      exceptions: number,
      harakiris: number,
      spawns: number,
      rss: number,
      writeErrors: number,
      requestStart: fc.oneof(number, fc.constantFrom(-1, NOW - 5, NOW + 1e9, 1e300)),
      queue: number,
      maxQueue: number,
      hits: number,
      misses: number,
      full: number,
      name: fc.constantFrom(null, '', '__proto__', 'a\u001b[2J|'),
    })
    .map((given) =>
      app([worker({ ...given, cores: [core({ ...given, inRequest: true })] }), cores(1, 1)], {
        sockets: [socket({ queue: given.queue, maxQueue: given.maxQueue })],
        caches: [cache({ ...given, name: given.name ?? 'x' })],
        locks: [{ name: given.name ?? '', holder: given.spawns }],
      }),
    );

  it('do not break the rules, and appear as numbers', () => {
    fc.assert(
      fc.property(fc.array(snapshots, { minLength: 1, maxLength: 30 }), (all) => {
        for (const { findings } of look(
          all.map((snapshot) => frame(snapshot)),
          { patience: 0 },
        )) {
          for (const { text, since, severity, command } of findings) {
            if (command !== undefined) expect(command).toMatch(/^[a-z -]+ (?:= )?\d+$|^[a-z-]+ = true$/);
            expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
            expect(Number.isFinite(since)).toBe(true);
            expect(SEVERITIES).toContain(severity);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('stay out of commands, as do texts of a document', () => {
    const attack = '$(touch /tmp/x);`id`\n';
    const hostile = app(
      [
        worker({
          pid: 7,
          rss: null,
          cores: [core({ inRequest: true, requestStart: NOW - 99, vars: [attack] })],
        }),
        worker({ pid: 8, rss: null, cores: [core({ inRequest: true, requestStart: NOW })] }),
      ],
      {
        sockets: [socket({ name: attack, queue: 5, maxQueue: 5 }), socket({ name: attack, maxQueue: 0 })],
        locks: [{ name: attack, holder: 7 }],
        spoolers: [spooler({ dir: attack, waiting: 5000 })],
      },
    );
    // The pids are those of a document only, without a kernel that confirms them.
    const commands = foundAfter(seconds(90, () => hostile)).flatMap(({ command }) => command ?? []);
    expect(commands.toSorted()).toEqual([
      'listen = 1024',
      'listen = 1024',
      'memory-report = true',
      'spooler-processes = 2',
    ]);
  });

  it('of cores can exceed those of one worker', () => {
    const wide = app([cores(3000, 3000), cores(3000, 3000)]);
    expect(foundAfter(seconds(12, () => wide))[0]?.text).toBe('all 6,000 cores busy for 12s');
  });
});

describe('4096 workers', () => {
  it('are reported in one line', () => {
    const frames = Array.from({ length: 24 }, (_, place) =>
      frame(
        app(
          Array.from({ length: 4096 }, () =>
            worker({ rss: 1e8 + place * 1e6, exceptions: place, cores: [] }),
          ),
        ),
        15,
      ),
    );
    const found = foundAfter(frames);
    expect(found.map(({ rule }) => rule).sort()).toEqual(['exceptions', 'memory']);
    expect(found.find(({ rule }) => rule === 'memory')?.text).toMatch(/, 4,095 others too$/);
  });
});

describe.each(NAMES)('the captured server %s', (name) => {
  it('can be assessed, and its findings have values', () => {
    const frames = ([1, 2] as const).map((read) => frame(decode(capture(name, read)), 2));
    for (const { findings } of looksAt(readingsOf(frames), { patience: 0 })) {
      for (const { rule, text } of findings) {
        expect(RULES.map((each) => each.name)).toContain(rule);
        expect(text).not.toMatch(/NaN|undefined|Infinity/);
      }
    }
  });
});
