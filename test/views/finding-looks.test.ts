import { expect, it } from 'vitest';
import { RULES } from '../../src/insights/rules.ts';
import type { Finding } from '../../src/rates/finding.ts';
import { LOOKS } from '../../src/views/tables/finding-looks.ts';
import { findingsView } from '../../src/views/tables/findings.ts';
import { cellContext } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, NOW, worker } from '../rates/builders.ts';
import { VIEW } from './samples.ts';

const sample = appBetween(null, app([worker()]));

/** The fields of the detail of a finding. */
function fieldsOf(rule: string) {
  const finding: Finding = {
    rule,
    subject: '',
    about: null,
    severity: 'warning',
    since: NOW,
    text: 'x',
    advice: 'Look.',
  };
  const sections = findingsView('app').more?.(
    { finding, time: NOW },
    observed(sample),
    cellContext(sample, VIEW),
  );
  return (sections ?? []).flatMap(({ fields }) => fields.map(({ name, value }) => [name, value]));
}

it('only existing rules have a hint where to look', () => {
  const names = RULES.map(({ name }) => name);
  expect([...LOOKS.keys()].filter((name) => !names.includes(name))).toEqual([]);
});

it.each(['harakiri', 'respawn'])('%s leads to the events, which name the last request', (rule) => {
  expect(fieldsOf(rule).at(-1)).toEqual(['where to look', expect.stringMatching(/^Events has the request/)]);
});

it('the detail of a finding contains the advice, and where to look in the live view', () => {
  expect(fieldsOf('exceptions')).toEqual([
    ['finding', 'x'],
    ['what to do', 'Look.'],
    ['where to look', LOOKS.get('exceptions')],
  ]);
  expect(fieldsOf('node').map(([name]) => name)).toEqual(['finding', 'what to do']);
});
