import { describe, expect, it, vi } from 'vitest';
import type { Action } from '../../src/views/actions.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { tableOf, viewOf } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { makeScene, plain, secondSample } from './samples.ts';
import { doing, MANY, move, rowsOf, SIZE, shown, times } from './updating.ts';

describe('moving', () => {
  const byId = doing(MANY, { kind: 'sort', column: 'id' });
  const count = rowsOf(byId);
  const inView = shown(byId).ids.length;
  const selected = (scene: Scene) => Number(shown(scene).selected[0]);

  it('begins at the first row in view and moves row by row', () => {
    expect(shown(byId).selected).toEqual([]);
    expect(selected(doing(byId, move(1)))).toBe(1);
    expect(selected(doing(byId, ...times(5, move(1))))).toBe(5);
    expect(selected(doing(byId, ...times(5, move(1)), move(-1)))).toBe(4);
  });

  it('stops at the first and at the last row', () => {
    expect(selected(doing(byId, move(1), ...times(3, move(-1))))).toBe(1);
    expect(selected(doing(byId, ...times(count + 5, move(1))))).toBe(count);
  });

  it('keeps the selected row in view, after any action', () => {
    const all: Action[] = [
      move(1),
      move(-1),
      { kind: 'page', pages: 1 },
      { kind: 'page', pages: -1 },
      { kind: 'edge', edge: 'last' },
      { kind: 'edge', edge: 'first' },
      { kind: 'sort', column: 'pid' },
      { kind: 'cores' },
    ];
    let scene = byId;
    for (let turn = 0; turn < 200; turn += 1) {
      // A deterministic sequence that reaches all actions.
      const action = all[(turn * turn + 3 * turn) % all.length] ?? move(1);
      scene = update(scene, action, SIZE);
      if (action.kind !== 'cores' && scene.view.selected !== null)
        expect(shown(scene).selected).toHaveLength(1);
      expect(shown(scene).ids).toHaveLength(inView);
    }
  });

  it('moves by pages with one common row, and to the edges', () => {
    const first = doing(byId, move(1));
    const page = doing(first, { kind: 'page', pages: 1 });
    expect(selected(page)).toBe(1 + inView - 1);
    expect(selected(doing(page, { kind: 'page', pages: -1 }))).toBe(1);
    expect(selected(doing(byId, { kind: 'edge', edge: 'last' }))).toBe(count);
    expect(selected(doing(page, { kind: 'edge', edge: 'first' }))).toBe(1);
  });

  it('scrolls without a selection, up to the last row', () => {
    const scene = doing(byId, move(1), { kind: 'scroll', rows: 3 });
    expect(shown(scene)).toMatchObject({ selected: [] });
    expect(shown(scene).ids[0]).toBe('4');
    expect(shown(doing(scene, { kind: 'scroll', rows: -99 })).ids[0]).toBe('1');
    expect(shown(doing(scene, { kind: 'scroll', rows: 9999 })).ids.at(-1)).toBe(String(count));
  });

  it('selects a clicked row without moving it; a second click opens it', () => {
    const { view, sample } = doing(byId, ...times(30, move(1)));
    // The order is reversed, so that the selected row is in view at another place.
    const turned = doing({ ...byId, view, sample }, { kind: 'sort', column: 'id' });
    for (const scene of [byId, turned]) {
      const { ids } = shown(scene);
      for (const id of [ids[2], ids[0], ids[5]]) {
        const { lines, hotspots } = screen(scene, SIZE);
        const line = lines.findIndex(({ spans }) => spans[0]?.text.trim() === id);
        const { action } = hotspots.find((spot) => spot.line === line) ?? {};
        if (!action) throw new Error(`no hotspot for row ${id}`);
        const clicked = doing(scene, action);
        expect(shown(clicked)).toEqual({ ids, selected: [id] });
        expect(clicked.view.detail).toBeNull();
        expect(doing(clicked, action).view.detail?.id).toBe(clicked.view.selected);
      }
    }
  });

  it('does not search thousands of rows for each key', () => {
    const sample = secondSample('many');
    const table = tableOf(viewOf({ sample, view: byId.view }), observed(sample), byId.view);
    const id = vi.spyOn(table, 'id');
    let scene: Scene = doing({ ...byId, sample }, { kind: 'edge', edge: 'last' });
    const step = () => {
      scene = update(scene, move(-1), SIZE);
      screen(scene, SIZE);
    };
    // The place of each row is computed once.
    step();
    id.mockClear();
    for (const again of times(10, step)) again();
    // Only the ids of the rows in view are computed.
    expect(id.mock.calls.length).toBeLessThan(10 * 2 * SIZE.rows);
    expect(table.rows.length).toBeGreaterThan(2 * SIZE.rows);
  });

  it('clears the selection with Esc', () => {
    expect(shown(doing(byId, move(1), { kind: 'back' })).selected).toEqual([]);
  });

  it('does nothing without a document', () => {
    const empty = makeScene(null);
    for (const action of [move(1), { kind: 'page', pages: 1 }, { kind: 'sortBy', step: 1 }] as const) {
      expect(update(empty, action, SIZE)).toEqual(empty);
    }
  });
});

describe('the help', () => {
  const SMALL = { columns: 80, rows: 16 };
  const open = update(MANY, { kind: 'help' }, SMALL);
  const shows = (scene: Scene, ...actions: Action[]) =>
    plain(
      screen(
        actions.reduce((now, action) => update(now, action, SMALL), scene),
        SMALL,
      ),
    );

  it('opens and closes with its key, and closes with Esc', () => {
    expect(shows(open)).toContain('Esc Close');
    expect(shows(open, { kind: 'help' })).toBe(shows(MANY));
    expect(shows(open, { kind: 'back' })).toBe(shows(MANY));
  });

  it('scrolls to its end and back, without scrolling the table below it', () => {
    const end = shows(open, { kind: 'edge', edge: 'last' });
    expect(end).toContain('not known; 0 is zero');
    expect(shows(open, move(1))).not.toBe(shows(open));
    expect(shows(open, move(1), move(-1))).toBe(shows(open));
    expect(shows(open, { kind: 'page', pages: 1 }, { kind: 'page', pages: -1 })).toBe(shows(open));
    expect(shows(open, move(5), { kind: 'back' })).toBe(shows(MANY));
  });

  it('moves up at once from its end', () => {
    const end = shows(open, { kind: 'edge', edge: 'last' });
    expect(shows(open, { kind: 'edge', edge: 'last' }, move(-1))).not.toBe(end);
    expect(shows(open, ...times(200, move(1)), move(-1))).not.toBe(end);
  });
});
