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

/** The listen queue is the plainest of the rules: its level is one number of the document. */
const [{ levels, holds, clears }] = RULES.filter(({ name }) => name === 'queue') as [(typeof RULES)[number]];
const WARNING = levels.warning * QUEUE;
const CRITICAL = (levels.critical ?? 1) * QUEUE;

/** A second each: the queue had these lengths. */
const queues = (waiting: readonly (number | null)[], looking?: Parameters<typeof look>[1]) =>
  look(
    waiting.map((each) => ({ seconds: 1, snapshot: queued(each) })),
    looking,
  );
const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);
const course = (waiting: readonly (number | null)[], looking?: Parameters<typeof look>[1]) =>
  courseOf(queues(waiting, looking), 'queue');
/** `first` is at second 1, as the first reading is. */
const sinceOf = (looks: readonly Look[]) => looks.map(({ findings: [first] }) => first && first.since - NOW);

it('the rule that is tested with waits before it finds and before it ends', () => {
  expect([holds, clears]).toEqual([3, 10]);
  expect([WARNING, CRITICAL]).toEqual([100, 800]);
});

describe('a finding comes', () => {
  it('when its level was too high for as long as the rule asks, not before', () => {
    expect(course(times(5, WARNING))).toEqual(['-', '-', '-', 'warning', 'warning']);
  });

  it('of the threshold itself, and of nothing that is less', () => {
    expect(course(times(5, WARNING - 1))).toEqual(times(5, '-'));
  });

  it('not of moments: what is lower in between begins anew', () => {
    const restless = [...times(3, WARNING), 0, ...times(3, WARNING), WARNING - 1, ...times(3, WARNING)];
    expect(course(restless)).toEqual(times(restless.length, '-'));
  });

  it('not of what is unknown in between, which begins anew too', () => {
    const gaps = [...times(3, WARNING), null, ...times(3, WARNING)];
    expect(course(gaps)).toEqual(times(gaps.length, '-'));
  });

  it('at once when nobody has more patience', () => {
    expect(course([WARNING], { patience: 0 })).toEqual(['warning']);
    expect(course(times(3, WARNING), { patience: 1 })).toEqual(['-', 'warning', 'warning']);
    // Patience does not make it wait longer.
    expect(course(times(4, WARNING), { patience: 60 })).toEqual(['-', '-', '-', 'warning']);
  });

  it('and has been so since its level was too high', () => {
    expect(sinceOf(queues([0, 0, ...times(6, WARNING)]))).toEqual([...times(5, undefined), ...times(3, 3)]);
  });

  it('and keeps that, however its level wanders', () => {
    const looks = queues([...times(4, WARNING), ...times(20, WARNING * 0.85), CRITICAL, WARNING]);
    expect(new Set(sinceOf(looks))).toEqual(new Set([undefined, 1]));
  });

  it('with what is so now, not what was', () => {
    const [finding] = foundAfter([...times(4, 100), 250].map((n) => ({ seconds: 1, snapshot: queued(n) })));
    expect(finding?.text).toContain('250 of 1000');
  });
});

describe('a finding goes', () => {
  const raised = times(4, WARNING);

  it('when its level was low for as long as the rule asks', () => {
    const calm = course([...raised, ...times(12, 1)]).slice(raised.length);
    expect(calm).toEqual([...times(clears - 1, 'warning'), '-', '-', '-']);
  });

  it('at once when its level is as low as can be, where the rule says so', () => {
    expect(course([...raised, 0, 0]).slice(-2)).toEqual(['-', '-']);
  });

  it('when nothing more is known of it, after the same time', () => {
    const calm = course([...raised, ...times(12, null)]).slice(raised.length);
    expect(calm).toEqual([...times(clears - 1, 'warning'), '-', '-', '-']);
  });

  it('not at a level that is only a little below', () => {
    expect(course([...raised, ...times(60, WARNING * 0.8 + 1)]).at(-1)).toBe('warning');
    expect(course([...raised, ...times(60, WARNING * 0.8 - 1)]).at(-1)).toBe('-');
  });

  it('not when it comes back before that time is over', () => {
    const again = [...times(clears - 1, 1), WARNING];
    const all = course([...raised, ...again, ...again, ...again]);
    expect(all.slice(3)).toEqual(times(all.length - 3, 'warning'));
  });

  it('and comes back only after the whole wait', () => {
    const all = [...raised, ...times(clears + 1, 0), ...times(4, WARNING)];
    expect(course(all).slice(-4)).toEqual(['-', '-', '-', 'warning']);
    expect(sinceOf(queues(all)).at(-1)).toBe(all.length - 3);
  });

  it('in time when the clock of this machine is set back meanwhile', () => {
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
  it('at a level that wanders a little below the threshold and up to it', () => {
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
    // It is one at all.
    expect(raisesOf(queues([...times(4, WARNING), ...times(50, 90)]), 'queue')).toBe(1);
  });

  it('whatever the level does: it was high for all of the wait, or low for all of it', () => {
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

describe('how bad it is', () => {
  const from = (...levels: number[]) => course([...times(4, CRITICAL - 1), ...levels]).slice(3);

  it('gets worse at once', () => {
    expect(from(CRITICAL)).toEqual(['warning', 'critical']);
    expect(course(times(4, CRITICAL)).at(-1)).toBe('critical');
  });

  it('gets better a good part below where it got worse', () => {
    expect(from(CRITICAL, CRITICAL * 0.8 + 1, CRITICAL * 0.8 - 1, CRITICAL - 1)).toEqual([
      'warning',
      'critical',
      'critical',
      'warning',
      'warning',
    ]);
  });

  it('is never critical where the rule has no such level', () => {
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

describe('levels that somebody has set', () => {
  it('take the place of the rule, each by itself', () => {
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

  it('are of that rule only', () => {
    expect(
      course(times(4, 500), { changes: { busy: { warning: 1e9 }, nothing: { warning: 0 } } }).at(-1),
    ).toBe('warning');
  });

  it('can be changed while it is watched', () => {
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

describe('several of one rule', () => {
  const held = (...locks: (readonly [name: string, holder: number | null])[]): AppSnapshot =>
    app([worker()], { locks: locks.map(([name, holder]) => ({ name, holder })) });
  const subjects = (looks: readonly Look[]) =>
    looks
      .at(-1)
      ?.findings.filter(({ rule }) => rule === 'lock')
      .map(({ subject }) => subject) ?? [];
  const seconds = (count: number, snapshot: AppSnapshot) => times(count, { seconds: 1, snapshot });

  it('are told apart, each with its own time', () => {
    const looks = look([
      ...seconds(10, held(['user 1', 7])),
      ...seconds(31, held(['user 1', 7], ['user 2', 8])),
    ]);
    expect(subjects(looks)).toEqual(['user 2 8', 'user 1 7']);
    expect(looks.at(-1)?.findings.map(({ since }) => since - NOW)).toEqual([11, 1]);
    const [, ...half] = looks.slice(0, 35).reverse();
    expect(subjects(half.reverse())).toEqual(['user 1 7']);
  });

  it('go each by itself', () => {
    const both = seconds(40, held(['user 1', 7], ['user 2', 8]));
    expect(subjects(look([...both, ...seconds(1, held(['user 1', 7], ['user 2', null]))]))).toEqual([
      'user 1 7',
    ]);
    expect(subjects(look([...both, ...seconds(1, held(['user 2', 8]))]))).toEqual(['user 2 8']);
    expect(subjects(look([...both, ...seconds(1, held())]))).toEqual([]);
  });

  it('are one after the other when another one is at it, and then neither is for long', () => {
    const turns = Array.from({ length: 90 }, (_, second) =>
      held(['user 1', 7 + (Math.floor(second / 20) % 2)]),
    );
    expect(
      look(turns.map((snapshot) => ({ seconds: 1, snapshot }))).flatMap((each) => each.findings),
    ).toEqual([]);
  });

  it('leave nothing behind that is watched for ever', () => {
    let assessment = NOTHING_FOUND;
    for (let second = 0; second < 500; second += 1) {
      const sample = appBetween(null, held([`user ${second}`, 1]), second);
      assessment = assess(assessment, { sample, history: NO_HISTORY }, {}, 0);
    }
    expect(assessment.watches.size).toBeLessThan(5);
  });
});

describe('the order of what is found', () => {
  /** A queue that is full, of a server that raises and has a request that is stuck. */
  const bad = (waiting: number, age: number) => ({
    ...queued(waiting),
    workers: [worker({ cores: [core(), core({ id: 1, inRequest: true, requestStart: NOW - age })] })],
  });
  const order = (snapshot: AppSnapshot) =>
    foundAfter(times(5, { seconds: 1, snapshot })).map(({ rule, severity }) => `${rule} ${severity}`);

  it('of one severity is a full queue, then busy cores, then a stuck request, then the rest, new before old', () => {
    const cache = { name: 'a', hash: null, hashSize: null, keySize: null, maxItems: 1, blocks: null };
    const others = { blockSize: null, items: 1, hits: 0, misses: 0, lastModified: null };
    const at = (second: number) => ({
      ...queued(second < 5 ? 0 : WARNING),
      workers: [
        worker({ cores: [core({ inRequest: true, requestStart: NOW - 20 })], exceptions: 5 * second }),
      ],
      caches: [{ ...cache, ...others, full: second }],
    });
    const found = foundAfter(
      Array.from({ length: 12 }, (_, second) => ({ seconds: 1, snapshot: at(second) })),
    );
    expect(found.map(({ rule }) => rule)).toEqual(['exceptions', 'queue', 'busy', 'stuck', 'cache-full']);
  });

  it('is the worst first', () => {
    expect(order(bad(QUEUE, 20))).toEqual(['queue critical', 'stuck warning']);
    expect(order(bad(WARNING, 120))).toEqual(['stuck critical', 'queue warning']);
  });

  it('then by the rank of the rule', () => {
    expect(order(bad(WARNING, 20))).toEqual(['queue warning', 'stuck warning']);
    expect(order(bad(QUEUE, 120))).toEqual(['queue critical', 'stuck critical']);
  });
});

describe('what is known of the past', () => {
  it('is told by the rule where it knows better', () => {
    const stuck = app([worker({ cores: [core({ inRequest: true, requestStart: NOW - 500 })] })]);
    const [finding] = foundAfter([{ seconds: 0, snapshot: stuck }]);
    expect(finding).toMatchObject({ rule: 'stuck', since: NOW - 500, severity: 'critical' });
  });
});

describe('a server of which nothing is known', () => {
  it('has no findings, and none is watched', () => {
    expect(assess(NOTHING_FOUND, evidenceOf([{ seconds: 0, snapshot: app([]) }]))).toEqual(NOTHING_FOUND);
    expect(NOTHING_FOUND.watches.size).toBe(0);
  });
});
