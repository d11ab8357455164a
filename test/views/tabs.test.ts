import { describe, expect, it } from 'vitest';
import { screen } from '../../src/views/screen.ts';
import { tabLine } from '../../src/views/tabs.ts';
import { update } from '../../src/views/update.ts';
import { VIEWS, viewOf } from '../../src/views/views.ts';
import { makeScene, secondSample, textOf } from './samples.ts';
import { doing, SIZE, shown } from './updating.ts';

const FULL = makeScene(secondSample('full'));
const NAMES = VIEWS.app.map(({ name }) => name);

describe('the tabs', () => {
  it('fit at 80 columns, with the number of requests in flight', () => {
    const text = textOf(tabLine(FULL, 80).line);
    expect(text).toMatch(/^ Workers Requests 4 {3}Cores /);
    expect(text.length).toBeLessThanOrEqual(80);
  });

  it('always have the current one among them, marked', () => {
    for (let columns = 20; columns <= 120; columns += 1) {
      for (const { name, title } of VIEWS.app) {
        const { line } = tabLine(makeScene(FULL.sample, { view: { tab: name } }), columns);
        const marked = line.spans.filter(({ role }) => role === 'tab').map(({ text }) => text);
        expect(marked.map((text) => text.replace(/ \d+$/, ''))).toEqual([title]);
        expect(textOf(line).length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('are dim where there is nothing to show', () => {
    const { line } = tabLine(makeScene(secondSample('prefork')), 120);
    const dim = line.spans.filter(({ role }) => role === 'dim').map(({ text }) => text);
    expect(dim).toEqual(['Requests', 'Caches', 'Jobs', 'Metrics', 'Usage', 'Findings']);
  });

  it('lead to their views by a click', () => {
    for (const { action, line, start, end } of screen(FULL, SIZE).hotspots) {
      if (action.kind !== 'view') continue;
      const title = textOf(screen(FULL, SIZE).lines[line] ?? { spans: [] }).slice(start, end);
      expect(title.replace(/ \d+$/, '')).toBe(viewOf(update(FULL, action, SIZE)).title);
    }
  });
});

describe('a view', () => {
  it('follows the one before, in a circle, and comes by its number', () => {
    let scene = FULL;
    for (const name of [...NAMES.slice(1), NAMES[0]]) {
      scene = doing(scene, { kind: 'tab', step: 1 });
      expect(viewOf(scene).name).toBe(name);
    }
    expect(viewOf(doing(FULL, { kind: 'tab', step: -1 })).name).toBe('findings');
    for (const [at, name] of NAMES.entries())
      expect(viewOf(doing(FULL, { kind: 'viewNumber', number: at + 1 })).name).toBe(name);
    const emperor = makeScene(secondSample('emperor'));
    expect(viewOf(doing(emperor, { kind: 'viewNumber', number: 9 })).name).toBe('vassals');
  });

  it('is found again as it was left', () => {
    const before = doing(
      FULL,
      { kind: 'sort', column: 'pid' },
      { kind: 'move', rows: 1 },
      { kind: 'move', rows: 1 },
    );
    const other = doing(before, { kind: 'viewNumber', number: 2 });
    expect(other.view).toMatchObject({ sort: null, selected: null, top: 0 });
    const back = doing(other, { kind: 'sort', column: 'uri' }, { kind: 'viewNumber', number: 1 });
    expect(shown(back)).toEqual(shown(before));
    expect(doing(back, { kind: 'viewNumber', number: 2 }).view.sort?.column).toBe('uri');
  });

  it('is the first one when the target is of another kind all at once', () => {
    const scene = doing(FULL, { kind: 'viewNumber', number: 5 });
    expect(viewOf({ ...scene, sample: secondSample('routers') }).name).toBe('nodes');
  });

  it('closes the help', () => {
    const scene = doing(FULL, { kind: 'help' }, { kind: 'tab', step: 1 });
    expect(scene.view.help).toBeNull();
  });
});
