import { describe, expect, it } from 'vitest';
import { actionOfKey } from '../../src/views/keys.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { isDefaultOrder, sortOf } from '../../src/views/view.ts';
import { VIEWS, viewOf } from '../../src/views/views.ts';
import { makeScene, plain, secondSample, textOf } from './samples.ts';
import { doing, MANY, move, SIZE, times } from './updating.ts';

const OPEN = { kind: 'sortMenu' } as const;
const CHOOSE = { kind: 'choose' } as const;
const BACK = { kind: 'back' } as const;

const order = (live: Scene) => sortOf(viewOf(live), live.view);
const text = (live: Scene) => plain(screen(live, { columns: 160, rows: 60 }));
/** The lines with the sign of the current order. */
const marked = (live: Scene) =>
  text(live)
    .match(/^ [▲▼] .*$/gm)
    ?.map((line) => line.slice(1, 12).trim()) ?? [];

it('letters are marked only in the heading of the table that they sort', () => {
  const { lines } = screen(makeScene(secondSample('threads')), SIZE);
  const headings = lines.filter(({ emphasis }) => emphasis === 'heading');
  const marked = headings.map(
    ({ spans }) => spans.filter(({ role }) => /^heading(Sort)?Key$/.test(role)).length,
  );
  expect(marked).toEqual([expect.any(Number), 0]);
  expect(marked[0]).toBeGreaterThan(5);
});

describe('the sort menu', () => {
  it('lists the default order first, then all columns with their letters and descriptions', () => {
    for (const { name, columns, order } of VIEWS.app) {
      const live = doing(makeScene(secondSample('threads'), { view: { tab: name } }), OPEN);
      if (columns.length === 0) {
        expect(live.view.chooser).toBeNull();
        continue;
      }
      const lines = text(live).split('\n');
      const first = lines.findIndex((line) => line.includes(' default '));
      expect(lines[first]).toContain(order.slice(0, 80));
      for (const [place, { title, description }] of columns.entries()) {
        expect(lines[first + 1 + place]).toContain(` ${title} `);
        expect(lines[first + 1 + place]).toContain(description.slice(0, 80));
      }
    }
    expect(text(doing(MANY, OPEN))).toMatch(/^ {3}p RPS /m);
    expect(text(doing(MANY, OPEN))).toMatch(/^ {5}STATUS /m);
  });

  it('marks the current order, and begins there', () => {
    expect(marked(doing(MANY, OPEN))).toEqual(['▼ o default', '▼ l OLDEST']);
    const live = doing(MANY, { kind: 'sort', column: 'pid' }, OPEN);
    expect(marked(live)).toEqual(['▲ d PID']);
    const selected = screen(live, SIZE).lines.filter(({ emphasis }) => emphasis === 'selected');
    expect(selected.map((line) => textOf(line).slice(5, 8))).toEqual(['PID']);
  });

  it('reverses the default order by its column', () => {
    const live = doing(MANY, OPEN, move(5), CHOOSE);
    expect(order(live)).toEqual({ column: 'oldest', descending: false });
    expect(isDefaultOrder(viewOf(live), doing(live, CHOOSE).view)).toBe(true);
  });

  it('sorts by a column, and reverses the order the second time', () => {
    const live = doing(MANY, OPEN, move(6), CHOOSE);
    const name = viewOf(live).columns[5]?.name;
    expect(order(live)).toEqual({ column: name, descending: true });
    expect(live.view.chooser).not.toBeNull();
    expect(order(doing(live, CHOOSE))).toMatchObject({ column: name, descending: false });
    expect(order(doing(live, BACK))).toEqual({ column: name, descending: true });
    expect(doing(live, BACK).view.chooser).toBeNull();
  });

  it('returns to the default order', () => {
    const live = doing(MANY, { kind: 'sort', column: 'pid' }, OPEN, { kind: 'edge', edge: 'first' }, CHOOSE);
    expect(live.view.sort).toBeNull();
    expect(isDefaultOrder(viewOf(live), live.view)).toBe(true);
  });

  it('takes the letters of the columns and the key of the default order', () => {
    const open = doing(MANY, OPEN);
    const press = (live: Scene, key: string) => {
      const action = actionOfKey(live, key);
      return action ? doing(live, action) : live;
    };
    const byRate = press(open, 'p');
    expect(order(byRate)).toEqual({ column: 'rps', descending: true });
    expect(marked(byRate)).toEqual(['▼ p RPS']);
    expect(press(byRate, 'o').view.sort).toBeNull();
  });

  it('keeps the cursor in view and inside the list', () => {
    for (const rows of [5, 8, 12, 24, 50]) {
      for (const steps of times(30, 0).map((_, place) => place)) {
        const live = doing(MANY, OPEN, ...times(steps, move(1)));
        const lines = screen(live, { columns: 60, rows }).lines;
        expect(lines).toHaveLength(rows);
        if (rows > 5) expect(lines.filter(({ emphasis }) => emphasis === 'selected')).toHaveLength(1);
      }
    }
    expect(doing(MANY, OPEN, ...times(99, move(1))).view.chooser?.at).toBe(viewOf(MANY).columns.length);
  });

  it('is closed by another view, and replaced by the list of columns', () => {
    expect(doing(MANY, OPEN, { kind: 'tab', step: 1 }).view.chooser).toBeNull();
    expect(doing(MANY, OPEN, { kind: 'chooser' }).view.chooser?.kind).toBe('chooser');
    expect(doing(MANY, { kind: 'chooser' }, OPEN).view.chooser?.kind).toBe('sort');
  });

  it('can be opened before the first document', () => {
    expect(order(doing(makeScene(null), OPEN, move(1), CHOOSE)).column).toBe('id');
  });
});
