import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/insights/rules.ts';
import { type Look, looksAt } from './looks.ts';
import { EPOCH, LEAK, steady, type Trouble } from './steady.ts';

/**
 * Hours of a healthy server. With a reading every five seconds (7,200 documents of four workers) this takes some
 * seconds.
 */
const HOURS = 10;
const STEP = 5;

const found = (looks: readonly Look[]) =>
  looks.flatMap(({ at, findings }) => findings.map(({ rule, text }) => `${at} ${rule}: ${text}`));

describe('a healthy server', () => {
  it('has no finding in ten hours', () => {
    const looks = looksAt(steady({ hours: HOURS, step: STEP, seed: 1 }));
    expect(looks).toHaveLength((HOURS * 3600) / STEP);
    expect(found(looks).slice(0, 5)).toEqual([]);
    // It was active and had events below all levels: exceptions, respawns, a queue, busy moments, a reset.
    const totals = looks.map(({ sample }) => (sample.kind === 'app' ? sample.totals : null));
    const total = (value: (each: NonNullable<(typeof totals)[number]>) => number | null) =>
      totals.reduce((sum, each) => sum + ((each && value(each)) ?? 0), 0);
    expect(total(({ requestsDelta }) => requestsDelta)).toBeGreaterThan(100_000);
    expect(total(({ exceptionsDelta }) => exceptionsDelta)).toBeGreaterThan(50);
    expect(total(({ respawnsDelta }) => respawnsDelta)).toBeGreaterThan(4);
    expect(total(({ queue }) => queue)).toBeGreaterThan(50);
    expect(looks.filter(({ sample }) => sample.reset)).toHaveLength(1);
  });

  it('has no finding with another seed', () => {
    expect(found(looksAt(steady({ hours: HOURS, step: STEP, seed: 3 }))).slice(0, 5)).toEqual([]);
  });
});

describe.each([10, 30, 60])('a healthy server read every %d seconds', (step) => {
  it.each([11, 222])('has no finding', (seed) => {
    expect(found(looksAt(steady({ hours: HOURS, step, seed }))).slice(0, 5)).toEqual([]);
  });
});

/** The rules that find each trouble, and the most seconds until the findings begin (`within`) and end (`gone`). */
const TROUBLES: Readonly<Record<Trouble, { rules: readonly string[]; within: number; gone: number }>> = {
  leak: { rules: ['memory'], within: 420, gone: 600 },
  stuck: { rules: ['stuck'], within: 20, gone: 5 },
  exceptions: { rules: ['exceptions'], within: 60, gone: 70 },
  'write errors': { rules: ['write-errors'], within: 60, gone: 70 },
  harakiri: { rules: ['harakiri'], within: 60, gone: 310 },
  crashes: { rules: ['respawn'], within: 60, gone: 90 },
  overload: { rules: ['queue', 'busy'], within: 20, gone: 20 },
  'full cache': { rules: ['cache-full'], within: 5, gone: 70 },
  'cold cache': { rules: ['cache-misses'], within: 90, gone: 40 },
  'held lock': { rules: ['lock'], within: 45, gone: 5 },
};

describe.each(Object.entries(TROUBLES))('the same server with: %s', (what, { rules, within, gone }) => {
  const [from, to] = [1800, 5400];
  const looks = looksAt(
    steady({ hours: 2, step: STEP, seed: 4, trouble: { what: what as Trouble, from, to } }),
  );
  const at = (seconds: number) =>
    looks.filter((look) => look.at === seconds).flatMap(({ findings }) => findings);

  it('is found in time and while it lasts', () => {
    for (const rule of rules) {
      const seen = looks.filter(({ findings }) => findings.some((each) => each.rule === rule));
      const [first] = seen;
      expect([rule, (first?.at ?? Number.NaN) - from <= within]).toEqual([rule, true]);
      const since = looks.filter((look) => look.at >= (first?.at ?? 0) && look.at < to);
      const share = since.filter((look) => seen.includes(look)).length / since.length;
      expect([rule, share > 0.95]).toEqual([rule, true]);
    }
  });

  it('is not found before it begins', () => {
    expect(found(looks.filter((look) => look.at < from))).toEqual([]);
  });

  it('has no finding after its cause has ended', () => {
    expect(found(looks.filter((look) => look.at > to + gone))).toEqual([]);
  });

  it('is not found by other rules', () => {
    const others = looks
      .flatMap(({ findings }) => findings)
      .filter(({ rule }) => !allowed(what, rules).includes(rule));
    expect([...new Set(others.map(({ rule, text }) => `${rule}: ${text}`))]).toEqual([]);
  });

  it('is reported with the time at which it began', () => {
    for (const finding of at(to - STEP)) {
      // These findings end and begin again.
      if (finding.rule === 'harakiri' || finding.rule === 'respawn') continue;
      expect([finding.rule, Math.abs(finding.since - EPOCH - from) < 400]).toEqual([finding.rule, true]);
    }
  });
});

/** A process that harakiri kills also counts as a respawn. */
function allowed(what: string, rules: readonly string[]): readonly string[] {
  return what === 'harakiri' ? [...rules, 'respawn'] : rules;
}

it('a leak of the server is reported with its rate', () => {
  const looks = looksAt(
    steady({ hours: 1, step: STEP, seed: 5, trouble: { what: 'leak', from: 0, to: 3600 } }),
  );
  const paces = looks
    .flatMap(({ findings }) => findings)
    .flatMap(({ text }) => /grows ([\d.]+) MiB/.exec(text)?.[1] ?? []);
  expect(paces.length).toBeGreaterThan(300);
  // In the warm process: within a tenth, after rounding to one decimal.
  for (const pace of paces.slice(-200))
    expect(Math.abs((Number(pace) * 2 ** 20) / LEAK - 1)).toBeLessThan(0.1 + 1e-9);
});

it('every rule of a trouble exists', () => {
  const names = RULES.map(({ name }) => name);
  for (const { rules } of Object.values(TROUBLES)) expect(names).toEqual(expect.arrayContaining([...rules]));
});
