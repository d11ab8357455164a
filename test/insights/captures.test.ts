import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/insights/rules.ts';
import { CAPTURES, type Capture, NOT_CAPTURED } from './captures.ts';
import { FOLDER, fileOf, readingsOf } from './captures-read.ts';
import { type Looking, looksAt } from './looks.ts';

/** Checks the findings for documents of a real uWSGI, slightly below and well above the level of each rule. */

/** Upper limit of the age of the newest time in a document, in seconds: how long the longest capture ran. */
const MINUTES = 100;

/** The rules that have a finding at the last read. */
function found(capture: Capture, looking: Looking = {}): string[] {
  const last = looksAt(readingsOf(capture), { patience: 0, ...looking }).at(-1);
  const rules = last?.findings.map(({ rule }) => rule).filter((rule) => !(rule in NOT_CAPTURED));
  return [...new Set(rules)].sort();
}

describe.each(CAPTURES.map((each) => [`${each.name}.${each.side}`, each] as const))('%s', (_, capture) => {
  const { rule, side, others = {} } = capture;

  it(side === 'above' ? 'is found' : 'is not found', () => {
    const named = [...(side === 'above' ? [rule] : []), ...Object.keys(others)];
    expect(found(capture)).toEqual(named.sort());
  });

  it('was read shortly after the times that it contains', () => {
    const readings = readingsOf(capture);
    expect(readings.length).toBeGreaterThan(1);
    for (const { snapshot, time } of readings) {
      // The Unix times in the document.
      const instants = JSON.stringify(snapshot).match(/\b1[0-9]{9}\b/g) ?? [];
      const age = time - Math.max(...instants.map(Number));
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(MINUTES);
    }
  });
});

describe('the captures', () => {
  it('cover both sides of every rule except those with a reason', () => {
    const sides = (side: Capture['side']) =>
      [...new Set(CAPTURES.filter((each) => each.side === side).map(({ rule }) => rule))].sort();
    const rules = RULES.map(({ name }) => name).filter((name) => !(name in NOT_CAPTURED));
    expect([sides('below'), sides('above')]).toEqual([rules.sort(), rules]);
  });

  it('are all files of the folder', () => {
    const files = CAPTURES.flatMap((capture) => capture.after.map((_, read) => fileOf(capture, read)));
    expect(readdirSync(FOLDER).sort()).toEqual(files.sort());
  });

  it('are near their levels: a changed level changes the findings', () => {
    for (const capture of CAPTURES.filter(({ level }) => level !== undefined)) {
      const { rule, side, level = 0 } = capture;
      const at = (warning: number) =>
        found(capture, { changes: { [rule]: { warning, critical: null } } }).includes(rule);
      expect([rule, side, at(level * 0.99), at(level * 1.01)]).toEqual([rule, side, true, false]);
    }
  });
});
