import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/insights/rule.ts';
import { RULES } from '../../src/insights/rules.ts';
import type { Finding, Severity } from '../../src/rates/finding.ts';
import { createMask } from '../../src/text/secrets.ts';
import { VIEWS } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { VIEW } from '../views/samples.ts';
import { CASES, type Case, frame, recovered } from './cases.ts';
import { courseOf, type Frame, foundAfter, look } from './looks.ts';

/** What is so for each rule of the table, on both sides of each of its thresholds. */

function caseOf({ name }: Rule): Case {
  const found = CASES[name];
  if (!found) throw new Error(`the rule ${name} has no case`);
  return found;
}

/** What is found of that rule, and what else is. */
function found(rule: Rule, frames: readonly Frame[], looking?: Parameters<typeof look>[1]) {
  const all = foundAfter(frames, looking);
  const expected = [rule.name, ...(caseOf(rule).with ?? [])];
  return {
    severity: all.find((each) => each.rule === rule.name)?.severity ?? null,
    others: all.filter((each) => !expected.includes(each.rule)).map((each) => each.rule),
  };
}

/** Keys, views and columns, which `statstop check` does not have. */
const TITLES = Object.values(VIEWS).flatMap((views) => views.map(({ title }) => title));
const OF_THE_LIVE_VIEW = new RegExp(
  String.raw`\b(?:${TITLES.join('|')}) (?:shows?|has|have)\b|\bEnter\b|\b\w shows\b|\bcolumns?\b|\bdetail\b`,
);

const alone = (severity: Severity | null) => ({ severity, others: [] });

it('every rule has a case, and every case a rule', () => {
  expect(Object.keys(CASES).sort()).toEqual(RULES.map(({ name }) => name).sort());
});

it('every rule has another name, which a setting file can have', () => {
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  for (const { name } of RULES) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

describe.each(RULES.map((rule) => [rule.name, rule] as const))('the rule %s', (name, rule) => {
  const { at, step, plain, with: together = [] } = caseOf(rule);
  const { warning, critical } = rule.levels;
  const mild = rule.hint ? 'hint' : 'warning';
  const own = (findings: readonly Finding[]) => findings.filter(({ rule }) => !together.includes(rule));

  it('finds what is at its threshold', () => {
    expect(found(rule, at(warning))).toEqual(alone(mild));
  });

  it('finds nothing below it, nor anywhere else in the server', () => {
    expect(found(rule, at(warning - step))).toEqual(alone(null));
    for (const { findings } of look(at(warning - step))) expect(own(findings)).toEqual([]);
  });

  if (critical !== null)
    it('finds what is critical, and not below that', () => {
      expect(found(rule, at(critical)).severity).toBe('critical');
      expect(found(rule, at(critical - step)).severity).toBe('warning');
    });
  else
    it('finds nothing that is critical, unless that was set', () => {
      const most = at(plain ? 1 : warning + step);
      expect(found(rule, most).severity).toBe(mild);
      const set = { changes: { [name]: { critical: warning } } };
      // Nothing makes more of a hint.
      expect(found(rule, most, set).severity).toBe(rule.hint ? 'hint' : 'critical');
    });

  if (!plain)
    it('takes another threshold, and has both sides of that', () => {
      const set = (level: number) => ({ changes: { [name]: { warning: level, critical: 1e15 } } });
      const other = warning + 2 * step;
      expect(found(rule, at(other), set(other - step / 10)).severity).toBe(mild);
      expect(found(rule, at(other - step), set(other - step / 10)).severity).toBeNull();
    });

  it('says what it is, in figures or names, and what to do', () => {
    const [finding] = own(foundAfter(at(critical ?? warning)));
    expect(finding?.rule).toBe(name);
    expect(finding?.text).toMatch(plain ? / \w/ : /\d/);
    expect(finding?.text).not.toMatch(/NaN|undefined|null|Infinity|\[object|\n/);
    for (const advice of [rule.advice, finding?.advice ?? '']) {
      expect(advice.length).toBeGreaterThan(20);
      expect(advice).not.toMatch(OF_THE_LIVE_VIEW);
      expect(createMask().text(advice)).toBe(advice);
      expect(advice).not.toMatch(/NaN|undefined|null|Infinity|\[object|\n/);
    }
    expect(rule.measures.length).toBeGreaterThan(5);
  });

  it('is about a row, or a view, that the server has', () => {
    const last = look(at(critical ?? warning)).at(-1);
    const about = own(last?.findings ?? [])[0]?.about ?? null;
    if (about === null || last === undefined) return;
    const view = VIEWS[last.sample.kind].find((each) => each.name === about.view);
    const table = view?.table(observed(last.sample, { findings: last.findings }), VIEW);
    const ids = table?.rows.map((row) => table.id(row));
    if (about.row === null) expect(ids).toBeDefined();
    else expect(ids).toContain(about.row);
  });

  it('has it since some time that was, and not for longer than the server told', () => {
    const looks = look(at(critical ?? warning));
    const last = looks.at(-1);
    const since = own(last?.findings ?? [])[0]?.since;
    expect(since).toBeLessThanOrEqual(last?.sample.time ?? 0);
    expect(since).toBeGreaterThan((last?.sample.time ?? 0) - 1000);
  });

  it('is over when the server is well again', () => {
    const bad = at(critical ?? warning);
    const last = bad.at(-1);
    if (!last) throw new Error('no frames');
    const well = Array.from({ length: 120 }, () => frame(recovered(last.snapshot), 10));
    const course = courseOf(look([...bad, ...well]), name).slice(bad.length - 1);
    expect([course[0] === '-', course.at(-1)]).toEqual([false, '-']);
    // Once, and for good.
    expect(course.slice(course.indexOf('-')).every((each) => each === '-')).toBe(true);
  });

  it('finds nothing of another kind of server', () => {
    for (const other of RULES.filter((each) => each !== rule && !caseOf(each).with?.includes(name))) {
      const { severity } = found(rule, caseOf(other).at(other.levels.warning));
      expect([other.name, severity]).toEqual([other.name, null]);
    }
  });
});
