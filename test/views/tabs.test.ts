import { describe, expect, it } from 'vitest';
import { screen } from '../../src/views/screen.ts';
import { tabLine } from '../../src/views/tabs.ts';
import { update } from '../../src/views/update.ts';
import { VIEWS, viewOf } from '../../src/views/views.ts';
import { app, appBetween, core, worker } from '../rates/builders.ts';
import { makeScene, secondSample, textOf } from './samples.ts';
import { doing, SIZE, shown } from './updating.ts';

/** A worker with that many requests in flight. */
const requestsOf = (count: number) =>
  worker({
    status: 'busy',
    cores: Array.from({ length: count }, (_, id) => core({ id, inRequest: true })),
  });

const FULL_SAMPLE = secondSample('full');
const FULL = makeScene(FULL_SAMPLE);
const NAMES = VIEWS.app.map(({ name }) => name);

describe('the tabs', () => {
  it('show their keys and the number of requests in flight', () => {
    expect(textOf(tabLine(FULL, 80).line)).toMatch(
      /^ {2}1 Workers 2 Requests 4 {3}3 Cores .* ! Findings {5}»$/,
    );
    expect(textOf(tabLine(FULL, 150).line)).toMatch(/ 0 Charts +# Paths +u Usage +\* Events +! Findings *$/);
  });

  it('include the current one, marked', () => {
    for (let columns = 20; columns <= 120; columns += 1) {
      for (const { name, title } of VIEWS.app) {
        const { line } = tabLine(makeScene(FULL_SAMPLE, { view: { tab: name } }), columns);
        const marked = line.spans.filter(({ role }) => role === 'tab').map(({ text }) => text);
        expect(marked.map((text) => text.replace(/^\S /, '').replace(/ \d+$/, ''))).toEqual([title]);
        expect(textOf(line).length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('have the same place in every state', () => {
    for (const columns of [40, 80, 120, 200]) {
      const places = new Map<string, Set<number>>();
      for (const capture of ['full', 'prefork', 'threads', 'nocores'] as const) {
        for (const { name: tab } of VIEWS.app) {
          const { line, hotspots } = tabLine(makeScene(secondSample(capture), { view: { tab } }), columns);
          for (const { start, action } of hotspots) {
            if (action.kind !== 'view' || /[«»]/.test(textOf(line)[start] ?? '')) continue;
            places.set(action.name, (places.get(action.name) ?? new Set()).add(start));
          }
        }
      }
      expect([...places.keys()].sort()).toEqual([...NAMES].sort());
      for (const starts of places.values()) expect(starts.size).toBe(1);
    }
  });

  it('abbreviate a count of a thousand or more, so that the places stay the same', () => {
    const { line, hotspots } = tabLine(makeScene(appBetween(null, app([requestsOf(1234)]))), 120);
    expect(textOf(line)).toContain('2 Requests 1k');
    const places = (spots: typeof hotspots) => spots.map(({ start }) => start);
    expect(places(hotspots)).toEqual(places(tabLine(makeScene(secondSample('idle')), 120).hotspots));
  });

  it('are all reached by clicks on the marks and the tabs', () => {
    const seen = new Set<string>();
    const visit = (tab: string) => {
      if (seen.has(tab)) return;
      seen.add(tab);
      for (const { action } of tabLine(makeScene(FULL_SAMPLE, { view: { tab } }), 40).hotspots)
        if (action.kind === 'view') visit(action.name);
    };
    visit('workers');
    expect(seen.size).toBe(NAMES.length);
  });

  it('are dim if there is nothing to show', () => {
    const { line } = tabLine(makeScene(secondSample('prefork')), 120);
    const dim = line.spans
      .filter(({ role, text }) => role === 'dim' && text.length > 2)
      .map(({ text }) => text);
    expect(dim).toEqual(['Requests', 'Caches', 'Jobs', 'Metrics', 'Paths', 'Findings']);
  });

  it('lead to their views by a click', () => {
    for (const { action, line, start, end } of screen(FULL, SIZE).hotspots) {
      if (action.kind !== 'view') continue;
      const title = textOf(screen(FULL, SIZE).lines[line] ?? { spans: [] }).slice(start, end);
      if (title !== '»')
        expect(title.replace(/^\S /, '').replace(/ \d+$/, '')).toBe(viewOf(update(FULL, action, SIZE)).title);
    }
  });
});

describe('a view', () => {
  it('follows the previous one and wraps around, and is selected by its number', () => {
    let live = FULL;
    for (const name of [...NAMES.slice(1), NAMES[0]]) {
      live = doing(live, { kind: 'tab', step: 1 });
      expect(viewOf(live).name).toBe(name);
    }
    expect(viewOf(doing(FULL, { kind: 'tab', step: -1 })).name).toBe('findings');
    for (const [at, name] of NAMES.entries())
      expect(viewOf(doing(FULL, { kind: 'viewNumber', number: at + 1 })).name).toBe(name);
    const emperor = makeScene(secondSample('emperor'));
    expect(viewOf(doing(emperor, { kind: 'viewNumber', number: 9 })).name).toBe('vassals');
  });

  it('is restored to its former state', () => {
    const left = doing(
      FULL,
      { kind: 'sort', column: 'pid' },
      { kind: 'move', rows: 1 },
      { kind: 'move', rows: 1 },
    );
    const other = doing(left, { kind: 'viewNumber', number: 2 });
    expect(other.view).toMatchObject({ sort: null, selected: null, top: 0 });
    const back = doing(other, { kind: 'sort', column: 'uri' }, { kind: 'viewNumber', number: 1 });
    expect(shown(back)).toEqual(shown(left));
    expect(doing(back, { kind: 'viewNumber', number: 2 }).view.sort?.column).toBe('uri');
  });

  it('is the first one if the target changes its kind', () => {
    const live = doing(FULL, { kind: 'viewNumber', number: 5 });
    expect(viewOf({ ...live, sample: secondSample('routers') }).name).toBe('nodes');
  });

  it('of another kind of server does not replace the current one', () => {
    const vassals = makeScene(secondSample('emperor'), { view: { filter: 'blog' } });
    expect(doing(vassals, { kind: 'view', name: 'usage' }).view).toMatchObject({
      filter: 'blog',
      otherTabs: {},
    });
  });

  it('closes the help', () => {
    const live = doing(FULL, { kind: 'help' }, { kind: 'tab', step: 1 });
    expect(live.view.help).toBeNull();
  });
});
