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

/** Common tests of all rules of the table, on both sides of each threshold. */

function caseOf({ name }: Rule): Case {
  const found = CASES[name];
  if (!found) throw new Error(`the rule ${name} has no case`);
  return found;
}

/** The severity of that rule, and the other rules with a finding. */
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

/** A command of a finding, or a line of configuration. Neither can contain text of a document. */
const COMMAND =
  /^(py-spy dump --pid \d+|(listen|processes|spooler-processes) = \d+|(thunder-lock|memory-report) = true)$/;

const alone = (severity: Severity | null) => ({ severity, others: [] });

it('every rule has a case, and every case a rule', () => {
  expect(Object.keys(CASES).sort()).toEqual(RULES.map(({ name }) => name).sort());
});

it('every rule has a unique name that is valid in a setting file', () => {
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  for (const { name } of RULES) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

describe.each(RULES.map((rule) => [rule.name, rule] as const))('the rule %s', (name, rule) => {
  const { at, step, plain, with: together = [] } = caseOf(rule);
  const { warning, critical } = rule.levels;
  const mild = rule.hint ? 'hint' : 'warning';
  const own = (findings: readonly Finding[]) => findings.filter(({ rule }) => !together.includes(rule));

  it('has a finding at its threshold', () => {
    expect(found(rule, at(warning))).toEqual(alone(mild));
  });

  it('has no finding below it, and neither has any other rule', () => {
    expect(found(rule, at(warning - step))).toEqual(alone(null));
    for (const { findings } of look(at(warning - step))) expect(own(findings)).toEqual([]);
  });

  if (critical !== null)
    it('is critical at its critical level, but not below', () => {
      expect(found(rule, at(critical)).severity).toBe('critical');
      expect(found(rule, at(critical - step)).severity).toBe('warning');
    });
  else
    it('is not critical by default, but can be set to be', () => {
      const most = at(plain ? 1 : warning + step);
      expect(found(rule, most).severity).toBe(mild);
      const set = { changes: { [name]: { critical: warning } } };
      // A hint never becomes critical.
      expect(found(rule, most, set).severity).toBe(rule.hint ? 'hint' : 'critical');
    });

  if (!plain)
    it('accepts another threshold and is tested on both sides of it', () => {
      const set = (level: number) => ({ changes: { [name]: { warning: level, critical: 1e15 } } });
      const other = warning + 2 * step;
      expect(found(rule, at(other), set(other - step / 10)).severity).toBe(mild);
      expect(found(rule, at(other - step), set(other - step / 10)).severity).toBeNull();
    });

  it('describes the finding with numbers or names, and gives advice', () => {
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

  it('has only complete commands of known words and numbers', () => {
    for (const { command } of foundAfter(at(critical ?? warning)))
      expect(command ?? 'thunder-lock = true').toMatch(COMMAND);
  });

  it('refers to a row or a view that exists', () => {
    const last = look(at(critical ?? warning)).at(-1);
    const about = own(last?.findings ?? [])[0]?.about ?? null;
    if (about === null || last === undefined) return;
    const view = VIEWS[last.sample.kind].find((each) => each.name === about.view);
    const table = view?.table(observed(last.sample, { findings: last.findings }), VIEW);
    const ids = table?.rows.map((row) => table.id(row));
    if (about.row === null) expect(ids).toBeDefined();
    else expect(ids).toContain(about.row);
  });

  it('has a start time within the time of the frames', () => {
    const looks = look(at(critical ?? warning));
    const last = looks.at(-1);
    const since = own(last?.findings ?? [])[0]?.since;
    expect(since).toBeLessThanOrEqual(last?.sample.time ?? 0);
    expect(since).toBeGreaterThan((last?.sample.time ?? 0) - 1000);
  });

  it('clears when the server has recovered', () => {
    const bad = at(critical ?? warning);
    const last = bad.at(-1);
    if (!last) throw new Error('no frames');
    const well = Array.from({ length: 120 }, () => frame(recovered(last.snapshot), 10));
    const course = courseOf(look([...bad, ...well]), name).slice(bad.length - 1);
    expect([course[0] === '-', course.at(-1)]).toEqual([false, '-']);
    // It clears once and does not return.
    expect(course.slice(course.indexOf('-')).every((each) => each === '-')).toBe(true);
  });

  it('has no finding for the cases of other rules', () => {
    for (const other of RULES.filter((each) => each !== rule && !caseOf(each).with?.includes(name))) {
      const { severity } = found(rule, caseOf(other).at(other.levels.warning));
      expect([other.name, severity]).toEqual([other.name, null]);
    }
  });
});
