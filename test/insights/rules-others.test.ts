import { describe, expect, it } from 'vitest';
import type { BlacklistEntry, Cache, RouterNode, Spooler } from '../../src/stats/snapshot.ts';
import { app, NOW } from '../rates/builders.ts';
import { EMPEROR, node, router, subscription } from '../rates/routers.ts';
import { vassal } from '../views/rows.ts';
import { cache, frame, seconds, spooler } from './cases.ts';
import { courseOf, foundAfter, look } from './looks.ts';

const rulesOf = (...args: Parameters<typeof foundAfter>) => foundAfter(...args).map(({ rule }) => rule);
const textsOf = (...args: Parameters<typeof foundAfter>) => foundAfter(...args).map(({ text }) => text);

describe('cache misses', () => {
  const reads = (length: number, of: (second: number) => Partial<Cache>[]) =>
    seconds(length, (second) => app([], { caches: of(second).map(cache) }));

  it('reports which cache, and the share of misses', () => {
    const frames = reads(65, (second) => [
      { name: 'pages', misses: 75 * second, hits: 25 * second },
      { name: 'sessions', misses: second, hits: 99 * second },
    ]);
    expect(foundAfter(frames)).toMatchObject([
      { rule: 'cache-misses', subject: 'pages', text: '75% of reads miss in cache pages' },
    ]);
  });

  it('has no finding for a cache with few reads', () => {
    expect(rulesOf(reads(65, (second) => [{ misses: Math.floor(second / 2) }]))).toEqual([]);
    expect(rulesOf(reads(65, (second) => [{ misses: second }]))).toEqual(['cache-misses']);
  });

  it('has no finding while an empty cache fills', () => {
    const warm = (second: number) => 100 * Math.min(second, 45);
    const frames = reads(120, (second) => [{ misses: warm(second), hits: 100 * second - warm(second) }]);
    expect(new Set(courseOf(look(frames), 'cache-misses'))).toEqual(new Set(['-']));
  });

  it('can be about a cache without a name', () => {
    const frames = reads(65, (second) => [{ name: null, misses: 100 * second }]);
    expect(textsOf(frames).join()).not.toContain('null');
  });
});

describe('a full cache', () => {
  const full = (full: number | null, given: Partial<Cache> = {}) =>
    app([], { caches: [cache({ full, items: 100, ...given })] });

  it('reports how many items, and how full it is', () => {
    expect(textsOf([frame(full(7), 0), frame(full(10))])).toEqual([
      'cache pages full: no room for 3 items (100 of 100)',
    ]);
  });

  it('has no finding for a full cache that refuses nothing', () => {
    expect(rulesOf([frame(full(7), 0), frame(full(7))])).toEqual([]);
    expect(rulesOf([frame(full(null), 0), frame(full(null))])).toEqual([]);
    expect(rulesOf([frame(full(null), 0), frame(full(7))])).toEqual([]);
  });

  it('remains for a minute after the last refused item', () => {
    const course = courseOf(look(seconds(90, (second) => full(Math.min(5, second)))), 'cache-full');
    expect(course.slice(1, 60)).not.toContain('-');
    expect(course.slice(66)).not.toContain('warning');
  });

  it('reports several caches, each by its name', () => {
    const two = (a: number, b: number) =>
      app([], { caches: [cache({ name: 'a', full: a }), cache({ name: 'b', full: b })] });
    expect(foundAfter([frame(two(0, 0), 0), frame(two(1, 2))]).map(({ subject }) => subject)).toEqual([
      'a',
      'b',
    ]);
  });

  it('omits unknown values', () => {
    const unknown = (n: number) => full(n, { name: null, items: null, maxItems: null });
    expect(textsOf([frame(unknown(0), 0), frame(unknown(5))]).join()).not.toContain('null');
  });
});

describe('a spooler', () => {
  const spooled = (length: number, ...spoolers: Spooler[]) => seconds(length, () => app([], { spoolers }));

  it('is reported with its folder, the waiting tasks and its state', () => {
    const states: [Spooler[], string][] = [
      [[spooler({ waiting: 150 })], '150 tasks in spooler /srv/spool, busy'],
      [[spooler({ waiting: 150, running: false })], '150 tasks in spooler /srv/spool, idle'],
      [
        [spooler({ waiting: 150, running: false, pid: null })],
        '150 tasks in spooler /srv/spool, no process running',
      ],
      [
        [spooler({ waiting: 150 }), spooler({ waiting: null, running: false, pid: 10 })],
        '150 tasks in spooler /srv/spool, 1 of 2 processes busy',
      ],
      [[spooler({ waiting: 10_000 })], 'at least 10,000 tasks in spooler /srv/spool, busy'],
    ];
    for (const [spoolers, text] of states) expect(textsOf(spooled(31, ...spoolers))).toEqual([text]);
  });

  it('is reported with the number of retries while the tasks do not get fewer', () => {
    const at = (tasks: (second: number) => number, waiting: (second: number) => number) =>
      textsOf(
        seconds(31, (second) =>
          app([], { spoolers: [spooler({ waiting: waiting(second), tasks: tasks(second) })] }),
        ),
      );
    const plain = '150 tasks in spooler /srv/spool, busy';
    expect(
      at(
        (second) => 10 * second,
        () => 150,
      ),
    ).toEqual([`150 tasks in spooler /srv/spool, not shrinking: 310 attempts in 31s`]);
    expect(
      at(
        (second) => 9 * second,
        () => 150,
      ),
    ).toEqual([plain]);
    expect(
      at(
        (second) => 10 * second,
        (second) => 181 - second,
      ),
    ).toEqual([plain]);
  });

  it('is reported once per folder, for any number of processes', () => {
    const [one, other] = [spooler({ waiting: 100 }), spooler({ dir: '/srv/mails', waiting: 100 })];
    expect(foundAfter(spooled(31, one, one, other)).map(({ subject }) => subject)).toEqual([
      '/srv/spool',
      '/srv/mails',
    ]);
  });

  it('has no finding for short times and unknown numbers', () => {
    expect(rulesOf(spooled(29, spooler({ waiting: 5000 })))).toEqual([]);
    expect(rulesOf(spooled(90, spooler({ waiting: null }), spooler({ dir: null, waiting: 500 })))).toEqual(
      [],
    );
  });
});

describe('a lock', () => {
  const held = (length: number, holder: (second: number) => number | null, name = 'user 0') =>
    seconds(length, (second) => app([], { locks: [{ name, holder: holder(second) }] }));

  it('is found if one process holds it for half a minute', () => {
    expect(rulesOf(held(29, () => 7))).toEqual([]);
    expect(textsOf(held(30, () => 7))).toEqual(['lock user 0 held continuously by process 7']);
  });

  it('has no finding if it was free or changed its holder', () => {
    expect(rulesOf(held(90, (second) => (second % 25 === 0 ? null : 7)))).toEqual([]);
    expect(rulesOf(held(90, (second) => (second % 50 < 25 ? 7 : 8)))).toEqual([]);
  });

  it('is not found by chance if readings are rare', () => {
    const rare = (count: number) =>
      held(9, () => 7)
        .slice(0, count)
        .map((each) => ({ ...each, seconds: 30 }));
    expect(rulesOf(rare(3))).toEqual([]);
    expect(rulesOf(rare(4))).toEqual(['lock']);
  });

  it('clears at once', () => {
    expect(rulesOf(held(60, (second) => (second < 60 ? 7 : null)))).toEqual([]);
  });

  it('has no finding for the one with which idle workers wait for connections', () => {
    // With thunder-lock an idle worker always holds it; on a quiet server the same one for hours.
    expect(rulesOf(held(600, () => 7, 'thunder'))).toEqual([]);
  });
});

describe('the blacklist of an emperor', () => {
  const entry = (id: string, given: Partial<BlacklistEntry> = {}): BlacklistEntry => ({
    id,
    throttle: 6,
    attempts: 2,
    firstAttempt: NOW - 90,
    lastAttempt: NOW - 3,
    ...given,
  });
  const listed = (...blacklist: BlacklistEntry[]) => frame({ ...EMPEROR, blacklist }, 0);

  it('is reported per vassal, since the first attempt', () => {
    expect(
      foundAfter([listed(entry('a.ini'), entry('b.ini', { attempts: 0, firstAttempt: NOW - 5 }))]),
    ).toMatchObject([
      {
        subject: 'a.ini',
        severity: 'critical',
        since: NOW - 90,
        text: 'vassal a.ini failed to start 3 times, retried every 6s',
      },
      {
        subject: 'b.ini',
        severity: 'warning',
        since: NOW - 5,
        text: 'vassal b.ini failed to start 1 time, retried every 6s',
      },
    ]);
  });

  it('is reported with known values only', () => {
    const unknown = { throttle: null, attempts: null, firstAttempt: null, lastAttempt: null };
    const [finding] = foundAfter([listed(entry('a.ini', unknown))]);
    expect(finding).toMatchObject({ severity: 'warning', since: NOW });
    expect(finding?.text).not.toMatch(/null|NaN/);
  });

  it('clears with the entry', () => {
    expect(courseOf(look([listed(entry('a')), listed()]), 'blacklist')).toEqual(['critical', '-']);
  });
});

describe('a vassal that flaps', () => {
  const lives = (count: number, ready: boolean, blacklist: BlacklistEntry[] = []) =>
    seconds(count, (second) => ({
      ...EMPEROR,
      blacklist: second === 0 ? [] : blacklist,
      vassals: [vassal({ id: 'shop.ini', ready, accepting: false, loyal: false, firstRun: NOW + second })],
    }));
  const listed = [{ id: 'shop.ini', throttle: 3, attempts: 4, firstAttempt: NOW, lastAttempt: NOW + 3 }];

  it('is reported with the number of restarts and their time', () => {
    expect(foundAfter(lives(4, true))).toMatchObject([
      {
        subject: 'shop.ini',
        severity: 'warning',
        since: NOW + 1,
        text: 'vassal shop.ini restarted 4 times in 3s after it was ready',
      },
    ]);
  });

  it('is also found if it was never ready and there is no blacklist', () => {
    expect(textsOf(lives(4, false))).toEqual(['vassal shop.ini restarted 4 times in 3s']);
    expect(rulesOf(lives(4, false, listed))).toEqual(['blacklist']);
  });

  it('is also found on the blacklist if it was ready, because it served no request', () => {
    expect(rulesOf(lives(4, true, listed)).sort()).toEqual(['blacklist', 'flapping']);
  });

  it('is not one that was reloaded', () => {
    const reloads = seconds(20, (second) => ({
      ...EMPEROR,
      vassals: [vassal({ id: 'shop.ini', respawns: second, lastRun: NOW + second, firstRun: NOW })],
    }));
    expect(rulesOf(reloads)).toEqual([]);
  });
});

describe('the nodes of a router', () => {
  const nodes = (key: string, ...nodes: RouterNode[]) => subscription(key, 1, nodes);
  const dead = { deathMark: true };

  it('are reported individually, with their key', () => {
    const sample = router({
      subscriptions: [
        nodes('shop', node('a', dead), node('b')),
        nodes('blog', node('a', dead), node('c', dead)),
      ],
    });
    expect(foundAfter([frame(sample, 0)]).map(({ text }) => text)).toEqual([
      'node a of shop marked dead',
      'node a of blog marked dead',
      'node c of blog marked dead',
    ]);
  });

  it('have no finding if their state is unknown', () => {
    expect(
      rulesOf([frame(router({ subscriptions: [nodes('shop', node('a', { deathMark: null }))] }), 0)]),
    ).toEqual([]);
  });
});
