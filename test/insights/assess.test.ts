import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess, NOTHING_FOUND } from '../../src/insights/assess.ts';
import { RULES } from '../../src/insights/rules.ts';
import { NO_HISTORY } from '../../src/rates/history.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { app, appBetween, core, NOW, reading, worker } from '../rates/builders.ts';
import {
  courseOf,
  evidenceOf,
  foundAfter,
  type Look,
  look,
  looksAt,
  QUEUE,
  queued,
  raisesOf,
} from './looks.ts';

/** The queue rule is used because its level is one number of the document. */
const [{ levels, holds, clears }] = RULES.filter(({ name }) => name === 'queue') as [(typeof RULES)[number]];
const WARNING = levels.warning * QUEUE;
const CRITICAL = (levels.critical ?? 1) * QUEUE;

/** Snapshots with these queue lengths, one per second. */
const queues = (waiting: readonly (number | null)[], looking?: Parameters<typeof look>[1]) =>
  look(
    waiting.map((each) => ({ seconds: 1, snapshot: queued(each) })),
    looking,
  );
const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);
const course = (waiting: readonly (number | null)[], looking?: Parameters<typeof look>[1]) =>
  courseOf(queues(waiting, looking), 'queue');
/** `first` is at second 1, like the first reading. */
const sinceOf = (looks: readonly Look[]) => looks.map(({ findings: [first] }) => first && first.since - NOW);

it('the rule under test holds before it finds and before it clears', () => {
  expect([holds, clears]).toEqual([3, 10]);
  expect([WARNING, CRITICAL]).toEqual([100, 800]);
});

describe('a finding begins', () => {
  it('after its level has held for the time of the rule, not before', () => {
    expect(course(times(5, WARNING))).toEqual(['-', '-', '-', 'warning', 'warning']);
  });

  it('at the threshold itself, but not below', () => {
    expect(course(times(5, WARNING - 1))).toEqual(times(5, '-'));
  });

  it('only if the level held without interruption', () => {
    const restless = [...times(3, WARNING), 0, ...times(3, WARNING), WARNING - 1, ...times(3, WARNING)];
    expect(course(restless)).toEqual(times(restless.length, '-'));
  });

  it('only if no unknown value interrupted it', () => {
    const gaps = [...times(3, WARNING), null, ...times(3, WARNING)];
    expect(course(gaps)).toEqual(times(gaps.length, '-'));
  });

  it('earlier with a lower patience', () => {
    expect(course([WARNING], { patience: 0 })).toEqual(['warning']);
    expect(course(times(3, WARNING), { patience: 1 })).toEqual(['-', 'warning', 'warning']);
    // A high patience does not extend the time of the rule.
    expect(course(times(4, WARNING), { patience: 60 })).toEqual(['-', '-', '-', 'warning']);
  });

  it('with the time at which its level was reached', () => {
    expect(sinceOf(queues([0, 0, ...times(6, WARNING)]))).toEqual([...times(5, undefined), ...times(3, 3)]);
  });

  it('with a time that does not change when the level varies', () => {
    const looks = queues([...times(4, WARNING), ...times(20, WARNING * 0.85), CRITICAL, WARNING]);
    expect(new Set(sinceOf(looks))).toEqual(new Set([undefined, 1]));
  });

  it('with the current value in its text', () => {
    const [finding] = foundAfter([...times(4, 100), 250].map((n) => ({ seconds: 1, snapshot: queued(n) })));
    expect(finding?.text).toContain('250 waiting, limit 1000');
  });
});

describe('a finding ends', () => {
  const raised = times(4, WARNING);

  it('after its level was low for the time of the rule', () => {
    const calm = course([...raised, ...times(12, 1)]).slice(raised.length);
    expect(calm).toEqual([...times(clears - 1, 'warning'), '-', '-', '-']);
  });

  it('at once at the lowest level, if the rule has one', () => {
    expect(course([...raised, 0, 0]).slice(-2)).toEqual(['-', '-']);
  });

  it('after the same time if its level becomes unknown', () => {
    const calm = course([...raised, ...times(12, null)]).slice(raised.length);
    expect(calm).toEqual([...times(clears - 1, 'warning'), '-', '-', '-']);
  });

  it('not at a level only slightly below the threshold', () => {
    expect(course([...raised, ...times(60, WARNING * 0.8 + 1)]).at(-1)).toBe('warning');
    expect(course([...raised, ...times(60, WARNING * 0.8 - 1)]).at(-1)).toBe('-');
  });

  it('not if the level returns before that time is over', () => {
    const again = [...times(clears - 1, 1), WARNING];
    const all = course([...raised, ...again, ...again, ...again]);
    expect(all.slice(3)).toEqual(times(all.length - 3, 'warning'));
  });

  it('and begins again only after the whole time', () => {
    const all = [...raised, ...times(clears + 1, 0), ...times(4, WARNING)];
    expect(course(all).slice(-4)).toEqual(['-', '-', '-', 'warning']);
    expect(sinceOf(queues(all)).at(-1)).toBe(all.length - 3);
  });

  it('in time although the clock of the host is set back', () => {
    const at = (seconds: number, waiting: number, set: number) => {
      const each = reading(queued(waiting), seconds);
      return { ...each, time: each.time + set };
    };
    const before = Array.from({ length: 4 }, (_, second) => at(second, WARNING, 0));
    const after = Array.from({ length: 60 }, (_, second) => at(4 + second, 0, -3600));
    expect(courseOf(looksAt([...before, ...after]), 'queue').at(-1)).toBe('-');
  });
});

describe('a finding does not flap', () => {
  it('at levels slightly below the threshold and at it', () => {
    const wandering = fc.array(fc.double({ min: 0.81, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(wandering, (shares) => {
        expect(raisesOf(queues(shares.map((share) => Math.ceil(share * WARNING))), 'queue')).toBeLessThan(2);
      }),
      { numRuns: 200 },
    );
    // A finding exists for these levels.
    expect(raisesOf(queues([...times(4, WARNING), ...times(50, 90)]), 'queue')).toBe(1);
  });

  it('for any sequence of levels: it begins and ends only after a full time above or below', () => {
    const anything = fc.array(fc.oneof(fc.constantFrom(1, 79, 80, 99, 100, 800), fc.constant(null)), {
      minLength: 2,
      maxLength: 120,
    });
    fc.assert(
      fc.property(anything, (waiting) => {
        const all = course(waiting);
        for (const [place, now] of all.entries()) {
          const before = all[place - 1] ?? '-';
          const last = (seconds: number) => waiting.slice(Math.max(0, place - seconds), place + 1);
          if (before === '-' && now !== '-')
            expect(last(holds).every((each) => (each ?? 0) >= WARNING)).toBe(true);
          if (before !== '-' && now === '-')
            expect(last(clears - 1).every((each) => (each ?? 0) < WARNING * 0.8)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the severity', () => {
  const from = (...levels: number[]) => course([...times(4, CRITICAL - 1), ...levels]).slice(3);

  it('rises at once', () => {
    expect(from(CRITICAL)).toEqual(['warning', 'critical']);
    expect(course(times(4, CRITICAL)).at(-1)).toBe('critical');
  });

  it('falls only at a margin below the critical level', () => {
    expect(from(CRITICAL, CRITICAL * 0.8 + 1, CRITICAL * 0.8 - 1, CRITICAL - 1)).toEqual([
      'warning',
      'critical',
      'critical',
      'warning',
      'warning',
    ]);
  });

  it('is never critical if the rule has no critical level', () => {
    const cache = { name: 'a', hash: null, hashSize: null, keySize: null, maxItems: 1, blocks: null };
    const full = (full: number) =>
      app([], {
        caches: [{ ...cache, blockSize: null, items: 1, hits: 0, misses: 0, full, lastModified: null }],
      });
    const [finding] = foundAfter([
      { seconds: 0, snapshot: full(0) },
      { seconds: 1, snapshot: full(1e12) },
    ]);
    expect(finding).toMatchObject({ rule: 'cache-full', severity: 'warning' });
  });
});

describe('levels of the user', () => {
  it('replace those of the rule, each independently', () => {
    expect(course(times(4, 500), { changes: { queue: { warning: 0.501 } } }).at(-1)).toBe('-');
    expect(course(times(4, 500), { changes: { queue: { warning: 0.5 } } }).at(-1)).toBe('warning');
    expect(course(times(4, 500), { changes: { queue: { critical: 0.5 } } }).at(-1)).toBe('critical');
    expect(course(times(4, 50), { changes: { queue: { critical: 0.01 } } }).at(-1)).toBe('-');
    expect(course(times(4, 50), { changes: { queue: { warning: 0.01, critical: 0.05 } } }).at(-1)).toBe(
      'critical',
    );
  });

  it('have the same margin', () => {
    const changes = { queue: { warning: 0.5 } };
    expect(course([...times(4, 500), ...times(60, 401)], { changes }).at(-1)).toBe('warning');
    expect(course([...times(4, 500), ...times(60, 399)], { changes }).at(-1)).toBe('-');
  });

  it('apply to their rule only', () => {
    expect(
      course(times(4, 500), { changes: { busy: { warning: 1e9 }, nothing: { warning: 0 } } }).at(-1),
    ).toBe('warning');
  });

  it('can change between two assessments', () => {
    let assessment = NOTHING_FOUND;
    const evidence = evidenceOf([{ seconds: 0, snapshot: queued(500) }]);
    const found = (warning: number, second: number) => {
      const sample = { ...evidence.sample, time: NOW + second };
      assessment = assess(assessment, { ...evidence, sample }, { queue: { warning } }, 0);
      return assessment.findings.length;
    };
    expect(found(0.4, 0)).toBe(1);
    expect(found(0.9, 1)).toBe(1);
    expect(found(0.9, clears)).toBe(0);
    expect(found(0.5, clears + 1)).toBe(1);
  });
});

describe('several findings of one rule', () => {
  const held = (...locks: (readonly [name: string, holder: number | null])[]): AppSnapshot =>
    app([worker()], { locks: locks.map(([name, holder]) => ({ name, holder })) });
  const subjects = (looks: readonly Look[]) =>
    looks
      .at(-1)
      ?.findings.filter(({ rule }) => rule === 'lock')
      .map(({ subject }) => subject) ?? [];
  const seconds = (count: number, snapshot: AppSnapshot) => times(count, { seconds: 1, snapshot });

  it('are distinguished, each with its own time', () => {
    const looks = look([
      ...seconds(10, held(['user 1', 7])),
      ...seconds(31, held(['user 1', 7], ['user 2', 8])),
    ]);
    expect(subjects(looks)).toEqual(['user 2 8', 'user 1 7']);
    expect(looks.at(-1)?.findings.map(({ since }) => since - NOW)).toEqual([11, 1]);
    const [, ...half] = looks.slice(0, 35).reverse();
    expect(subjects(half.reverse())).toEqual(['user 1 7']);
  });

  it('end independently', () => {
    const both = seconds(40, held(['user 1', 7], ['user 2', 8]));
    expect(subjects(look([...both, ...seconds(1, held(['user 1', 7], ['user 2', null]))]))).toEqual([
      'user 1 7',
    ]);
    expect(subjects(look([...both, ...seconds(1, held(['user 2', 8]))]))).toEqual(['user 2 8']);
    expect(subjects(look([...both, ...seconds(1, held())]))).toEqual([]);
  });

  it('do not begin if the subject changes before the time is over', () => {
    const turns = Array.from({ length: 90 }, (_, second) =>
      held(['user 1', 7 + (Math.floor(second / 20) % 2)]),
    );
    expect(
      look(turns.map((snapshot) => ({ seconds: 1, snapshot }))).flatMap((each) => each.findings),
    ).toEqual([]);
  });

  it('leave no watches behind', () => {
    let assessment = NOTHING_FOUND;
    for (let second = 0; second < 500; second += 1) {
      const sample = appBetween(null, held([`user ${second}`, 1]), second);
      assessment = assess(assessment, { sample, history: NO_HISTORY }, {}, 0);
    }
    expect(assessment.watches.size).toBeLessThan(5);
  });
});

describe('the order of the findings', () => {
  /** A server with this queue length and one request of this age. */
  const bad = (waiting: number, age: number) => ({
    ...queued(waiting),
    workers: [worker({ cores: [core(), core({ id: 1, inRequest: true, requestStart: NOW - age })] })],
  });
  const order = (snapshot: AppSnapshot) =>
    foundAfter(times(5, { seconds: 1, snapshot })).map(({ rule, severity }) => `${rule} ${severity}`);

  it('within a severity is by rank: queue, busy, stuck, then the others, new before old', () => {
    const cache = { name: 'a', hash: null, hashSize: null, keySize: null, maxItems: 1, blocks: null };
    const others = { blockSize: null, items: 1, hits: 0, misses: 0, lastModified: null };
    const at = (second: number) => ({
      ...queued(second < 5 ? 0 : WARNING),
      workers: [
        worker({ cores: [core({ inRequest: true, requestStart: NOW - 10 })], exceptions: 5 * second }),
      ],
      caches: [{ ...cache, ...others, full: second }],
    });
    const found = foundAfter(
      Array.from({ length: 12 }, (_, second) => ({ seconds: 1, snapshot: at(second) })),
    );
    expect(found.map(({ rule }) => rule)).toEqual(['exceptions', 'queue', 'busy', 'stuck', 'cache-full']);
  });

  it('has the worst severity first', () => {
    expect(order(bad(QUEUE, 20))).toEqual(['queue critical', 'stuck warning']);
    expect(order(bad(WARNING, 120))).toEqual(['stuck critical', 'queue warning']);
  });

  it('is then by the rank of the rule', () => {
    expect(order(bad(WARNING, 20))).toEqual(['queue warning', 'stuck warning']);
    expect(order(bad(QUEUE, 120))).toEqual(['queue critical', 'stuck critical']);
  });
});

describe('the time of a finding', () => {
  it('comes from the rule if it knows a better one', () => {
    const cores = [core({ inRequest: true, requestStart: NOW - 500 }), core({ id: 1 })];
    const stuck = app([worker({ cores })]);
    const [finding] = foundAfter([{ seconds: 0, snapshot: stuck }]);
    expect(finding).toMatchObject({ rule: 'stuck', since: NOW - 500, severity: 'critical' });
  });
});

describe('a server with an empty document', () => {
  it('has no findings and no watches', () => {
    expect(assess(NOTHING_FOUND, evidenceOf([{ seconds: 0, snapshot: app([]) }]))).toEqual(NOTHING_FOUND);
    expect(NOTHING_FOUND.watches.size).toBe(0);
  });
});
