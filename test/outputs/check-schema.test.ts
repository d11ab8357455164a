import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { RULES } from '../../src/insights/rules.ts';
import { checkJson, failureJson } from '../../src/outputs/check.ts';
import { createMask } from '../../src/text/secrets.ts';
import { CASES } from '../insights/cases.ts';
import { look } from '../insights/looks.ts';
import { observed } from '../monitor/observing.ts';

const SCHEMA = JSON.parse(
  readFileSync(new URL('../../schema/statstop.check-1.json', import.meta.url), 'utf8'),
);
const validate = new Ajv2020({ strict: true, strictTypes: false, formats: { 'date-time': true } }).compile(
  SCHEMA,
);

/** The output of `check --json` for a server with a finding of this rule. */
function printed(rule: (typeof RULES)[number]) {
  const last = look(CASES[rule.name]?.at(rule.levels.critical ?? rule.levels.warning) ?? []).at(-1);
  if (!last) throw new Error(`the rule ${rule.name} has no case`);
  return JSON.parse(checkJson(observed(last.sample, { findings: last.findings }), createMask()));
}

it.each(RULES.map((rule) => [rule.name, rule] as const))(
  'check --json of %s conforms to its schema',
  (name, rule) => {
    const document = printed(rule);
    expect(document.findings.map((each: { rule: string }) => each.rule)).toContain(name);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  },
);

it('check --json of a server that is down conforms to its schema', () => {
  expect(validate(JSON.parse(failureJson('app.stats', 2, 'connection refused', createMask())))).toBe(true);
});

it('the schema requires every property and allows no others', () => {
  const rule = RULES.find(({ name }) => name === 'stuck');
  if (!rule) throw new Error('no rule');
  const document = printed(rule);
  const parents = [document, document.findings[0], document.findings[0].about];
  for (const parent of parents) {
    for (const name of Object.keys(parent)) {
      const { [name]: taken } = parent;
      delete parent[name];
      expect([name, validate(document)]).toEqual([name, false]);
      parent[name] = taken;
    }
    parent.unheardOf = 1;
    expect(validate(document)).toBe(false);
    delete parent.unheardOf;
  }
  expect(validate(document)).toBe(true);
});
