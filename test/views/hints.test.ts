import { describe, expect, it } from 'vitest';
import type { Finding, Severity } from '../../src/rates/finding.ts';
import { header } from '../../src/views/header.ts';
import { screen } from '../../src/views/screen.ts';
import { tabLine } from '../../src/views/tabs.ts';
import { app, appBetween, NOW, worker } from '../rates/builders.ts';
import { makeScene, textOf } from './samples.ts';

const of = (...severities: Severity[]) => {
  const findings = severities.map(
    (severity): Finding => ({
      rule: severity,
      subject: '',
      severity,
      since: NOW,
      text: `a ${severity}`,
      advice: '',
      about: null,
    }),
  );
  return makeScene(appBetween(null, app([worker()])), { findings, view: { tab: 'findings' } });
};

describe('a hint', () => {
  it('is neither the verdict nor counted there', () => {
    const heading = (...severities: Severity[]) =>
      header(of(...severities), 160, 4)
        .map(textOf)
        .join('\n');
    expect(heading('hint')).toBe(heading());
    expect(heading('warning', 'hint')).toBe(heading('warning'));
    expect(heading('critical', 'warning', 'hint')).toMatch(/^✗ a critical +1 more \(!\)/);
  });

  it('is not counted on the tab', () => {
    const tabs = (...severities: Severity[]) => textOf(tabLine(of(...severities), 200).line);
    expect(tabs('warning', 'hint')).toContain('Findings 1');
    expect(tabs('hint')).not.toMatch(/Findings \d/);
  });

  it('is in the view of the findings, dimmed', () => {
    const { lines } = screen(of('warning', 'hint'), { columns: 120, rows: 30 });
    const spans = lines.flatMap((line) => line.spans);
    expect(spans.find(({ text }) => text.trim() === 'hint')?.role).toBe('dim');
    expect(spans.find(({ text }) => text.trim() === 'warning')?.role).toBe('warning');
  });
});
