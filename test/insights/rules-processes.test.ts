import { describe, expect, it } from 'vitest';
import type { Worker } from '../../src/stats/snapshot.ts';
import { app, hostReading, NEVER_RAN, NOW, worker } from '../rates/builders.ts';
import { frame, seconds } from './cases.ts';
import { courseOf, foundAfter, look } from './looks.ts';

const rulesOf = (...args: Parameters<typeof foundAfter>) => foundAfter(...args).map(({ rule }) => rule);
const textOf = (rule: string, ...args: Parameters<typeof foundAfter>) =>
  foundAfter(...args).find((each) => each.rule === rule)?.text;

describe('harakiri', () => {
  const killed = (...harakiris: (number | null)[]) =>
    app(harakiris.map((harakiris) => worker({ harakiris })));

  it('reports how many, over all workers', () => {
    const frames = [frame(killed(4, 0), 0), frame(killed(5, 1), 1)];
    expect(textOf('harakiri', frames)).toBe('2 harakiris in 1s');
    expect(textOf('harakiri', [frame(killed(4), 0), frame(killed(5), 1)])).toBe('1 harakiri in 1s');
  });

  it('ignores those before the first reading', () => {
    expect(rulesOf([frame(killed(40), 0), frame(killed(40), 1)])).toEqual([]);
  });

  it('includes the last start of a worker, if each of its starts followed a harakiri', () => {
    const restarted = (given: Partial<Worker>) =>
      app([worker({ harakiris: 2, spawns: 3, lastSpawn: NOW - 20, ...given }), worker()]);
    const textAt = (given: Partial<Worker>) => textOf('harakiri', [frame(restarted(given), 0)]);
    expect(textAt({})).toBe('1 harakiri in 20s');
    expect(textAt({ spawns: 4 })).toBeUndefined();
    expect(textAt({ harakiris: 0, spawns: 1 })).toBeUndefined();
    expect(textAt({ lastSpawn: NOW - 301 })).toBeUndefined();
    expect(textAt({ lastSpawn: null })).toBeUndefined();
    // A harakiri is not counted twice: a later one, and one in the second of the first reading.
    const [before, after] = [
      app([worker({ lastSpawn: NOW - 9 })]),
      app([worker({ harakiris: 1, spawns: 2, lastSpawn: NOW })]),
    ];
    expect(textOf('harakiri', [frame(before, 0.3), frame(after, 1.7)])).toBe('1 harakiri in 2s');
    const later = restarted({ harakiris: 3, spawns: 4, lastSpawn: NOW + 1 });
    expect(textOf('harakiri', [frame(restarted({}), 0), frame(later, 2)])).toBe('1 harakiri in 2s');
  });

  it('remains for five minutes after the last one', () => {
    const course = courseOf(look(seconds(320, (second) => killed(Math.min(1, second)))), 'harakiri');
    expect(course.slice(1, 300)).not.toContain('-');
    expect(course.slice(303)).not.toContain('warning');
  });

  it('is critical at the third one', () => {
    const course = courseOf(look(seconds(200, (second) => killed(Math.floor(second / 60)))), 'harakiri');
    expect([course[59], course[60], course[179], course[180]]).toEqual([
      '-',
      'warning',
      'warning',
      'critical',
    ]);
  });

  it('has no finding if they are not counted', () => {
    expect(rulesOf([frame(killed(null), 0), frame(killed(null), 1)])).toEqual([]);
    expect(rulesOf([frame(killed(null), 0), frame(killed(9), 1)])).toEqual([]);
  });

  it('has no finding for an interval that does not show when they happened', () => {
    // Three in an hour between two reads are not three in five minutes.
    const [finding] = foundAfter([frame(killed(0), 0), frame(killed(3), 3600)]);
    expect(finding?.text ?? 'in 1h00m').toContain('in 1h00m');
  });
});

describe('respawn', () => {
  const started = (...spawns: (number | null)[]) =>
    app(spawns.map((spawns, place) => worker({ spawns, pid: 100 + place + 10 * (spawns ?? 0) })));

  it('reports how many, of how many workers', () => {
    expect(textOf('respawn', [frame(started(1, 1), 0), frame(started(5, 3), 10)])).toBe(
      '6 respawns of 2 workers in 10s',
    );
  });

  it('has no finding below three, for any number of workers', () => {
    expect(rulesOf([frame(started(1), 0), frame(started(3), 10)])).toEqual([]);
    expect(rulesOf([frame(started(1), 0), frame(started(4), 10)])).toEqual(['respawn']);
  });

  it('has no finding for workers that are replaced one by one, as with max-requests', () => {
    // Each of eight workers lives for ten minutes.
    const frames = seconds(1300, (second) =>
      started(...Array.from({ length: 8 }, (_, place) => 1 + Math.floor((second + 75 * place) / 600))),
    );
    expect(new Set(courseOf(look(frames), 'respawn'))).toEqual(new Set(['-']));
  });

  it('has no finding if all are replaced once, as by a chain reload or equal max-requests', () => {
    const frames = seconds(120, (second) =>
      started(...Array.from({ length: 4 }, (_, place) => (second > 20 + 5 * place ? 2 : 1))),
    );
    expect(new Set(courseOf(look(frames), 'respawn'))).toEqual(new Set(['-']));
  });

  it('has no finding for a full reload, which resets the counters', () => {
    const before = started(7, 7, 7, 7);
    const after = app(
      [1, 1, 1, 1].map((spawns) =>
        worker({ spawns, requests: 0, runningTime: 0, tx: 0, pid: 500, cores: [] }),
      ),
    );
    expect(new Set(courseOf(look([frame(before, 0), frame(after), frame(after)]), 'respawn'))).toEqual(
      new Set(['-']),
    );
  });

  it('ends when the processes stay', () => {
    const course = courseOf(look(seconds(100, (second) => started(1 + Math.min(10, second)))), 'respawn');
    expect(course[20]).toBe('critical');
    expect(course.slice(85)).not.toContain('warning');
    expect(course.slice(85)).not.toContain('critical');
  });

  it('is measured per minute, even if reads are far apart', () => {
    // Two workers, each replaced every five minutes.
    const frames = Array.from({ length: 6 }, (_, place) => frame(started(1 + 2 * place, 1 + 2 * place), 600));
    expect(new Set(courseOf(look(frames), 'respawn'))).toEqual(new Set(['-']));
  });

  it('does not count workers that stayed cheap, but those that died and are cheap now', () => {
    const server = (dead: boolean, ...spawns: number[]) =>
      app([
        ...started(...spawns).workers,
        worker({ spawns: dead ? 2 : 1, pid: dead ? null : 301, status: dead ? 'cheap' : 'idle' }),
        ...Array.from({ length: 37 }, () => NEVER_RAN),
      ]);
    const frames = (dead: boolean, last: number) => [
      frame(server(false, 1, 1), 0),
      frame(server(false, last, last), 10),
      frame(server(dead, last, last), 10),
    ];
    expect(textOf('respawn', frames(false, 5))).toBe('8 respawns of 3 workers in 20s');
    expect(textOf('respawn', frames(true, 5))).toBe('9 respawns of 2 workers in 20s');
    const cheapLater = [
      frame(app([...started(1, 1).workers, NEVER_RAN]), 0),
      frame(app([...started(1, 1).workers, NEVER_RAN]), 11),
      frame(app([...started(4, 4).workers, worker({ spawns: 1, pid: 400 })]), 11),
      frame(app([...started(4, 4).workers, worker({ spawns: 1, pid: null, status: 'cheap' })]), 11),
    ];
    expect(textOf('respawn', cheapLater)).toBe('6 respawns of 3 workers in 33s');
  });

  it('has no finding if starts are not counted', () => {
    expect(rulesOf([frame(started(null), 0), frame(started(null), 1)])).toEqual([]);
  });
});

describe('memory', () => {
  const MIB = 2 ** 20;
  /** For each worker: bytes at the start, and bytes per minute. */
  const grows = (minutes: number, ...workers: (readonly [from: number, perMinute: number])[]) =>
    Array.from({ length: minutes * 6 + 1 }, (_, place) =>
      frame(
        app(
          workers.map(
            ([from, perMinute]): Worker => worker({ rss: Math.round(from + (perMinute * place) / 6) }),
          ),
        ),
        place === 0 ? 0 : 10,
      ),
    );

  it('reports which worker, its rate and range, and how many others', () => {
    const frames = grows(10, [100 * MIB, 0], [100 * MIB, 3 * MIB], [100 * MIB, 2 * MIB], [90 * MIB, 2 * MIB]);
    expect(textOf('memory', frames)).toBe(
      'worker 2 (pid 101) grows 3.0 MiB/min (101 MiB to 130 MiB in 9m40s), 2 others too',
    );
  });

  it('is critical at a high rate', () => {
    expect(foundAfter(grows(6, [100 * MIB, 19 * MIB]))[0]?.severity).toBe('warning');
    expect(foundAfter(grows(6, [100 * MIB, 21 * MIB]))[0]?.severity).toBe('critical');
  });

  it('is critical at a lower rate if the memory of the host is used up in half an hour', () => {
    const resourcesWith = (available: number) => ({ processors: 2, memory: 8192 * MIB, available, load: 0 });
    const on = (available: number, perMinute: number, changes = {}) => {
      const frames = grows(6, [100 * MIB, perMinute], [100 * MIB, perMinute]).map((each) => ({
        ...each,
        host: hostReading([], { resources: resourcesWith(available) }),
      }));
      return foundAfter(frames, { changes }).find(({ rule }) => rule === 'memory');
    };
    expect(on(200 * MIB, 4 * MIB)).toMatchObject({
      severity: 'critical',
      text: expect.stringMatching(/; machine memory used up in 2[45]m\d\ds$/),
    });
    expect(on(280 * MIB, 4 * MIB)?.severity).toBe('warning');
    expect(on(8000 * MIB, 40 * MIB)?.severity).toBe('warning');
    // A level of the user takes precedence.
    expect(on(8000 * MIB, 40 * MIB, { memory: { critical: 30 * MIB } })?.severity).toBe('critical');
    expect(on(1e15, 4 * MIB)?.text).not.toMatch(/used up/);
  });

  it('has no finding without memory-report', () => {
    const frames = Array.from({ length: 60 }, () => frame(app([worker({ rss: null })]), 10));
    expect(rulesOf(frames)).toEqual(['memory-report']);
  });

  it('is reported with the time at which the growth began', () => {
    const [finding] = foundAfter(grows(10, [100 * MIB, 3 * MIB]));
    expect((finding?.since ?? 0) - NOW).toBeLessThan(60);
  });
});
