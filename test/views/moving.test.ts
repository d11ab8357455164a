import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/views/actions.ts';
import type { Live } from '../../src/views/live.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { liveOf, plain } from './samples.ts';
import { doing, MANY, move, rowsOf, SIZE, shown, times } from './updating.ts';

describe('moving', () => {
  const byId = doing(MANY, { kind: 'sort', column: 'id' });
  const count = rowsOf(byId);
  const inView = shown(byId).ids.length;
  const selected = (live: Live) => Number(shown(live).selected[0]);

  it('begins at the first row in view and goes row by row', () => {
    expect(shown(byId).selected).toEqual([]);
    expect(selected(doing(byId, move(1)))).toBe(1);
    expect(selected(doing(byId, ...times(5, move(1))))).toBe(5);
    expect(selected(doing(byId, ...times(5, move(1)), move(-1)))).toBe(4);
  });

  it('stops at the first and at the last row', () => {
    expect(selected(doing(byId, move(1), ...times(3, move(-1))))).toBe(1);
    expect(selected(doing(byId, ...times(count + 5, move(1))))).toBe(count);
  });

  it('keeps the row in view, whatever was pressed', () => {
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
    let live = byId;
    for (let turn = 0; turn < 200; turn += 1) {
      // A walk that is the same each time, and goes everywhere.
      const action = all[(turn * turn + 3 * turn) % all.length] ?? move(1);
      live = update(live, action, SIZE);
      if (action.kind !== 'cores' && live.view.selected !== null)
        expect(shown(live).selected).toHaveLength(1);
      expect(shown(live).ids).toHaveLength(inView);
    }
  });

  it('goes by pages with a line in common, and to the edges', () => {
    const first = doing(byId, move(1));
    const page = doing(first, { kind: 'page', pages: 1 });
    expect(selected(page)).toBe(1 + inView - 1);
    expect(selected(doing(page, { kind: 'page', pages: -1 }))).toBe(1);
    expect(selected(doing(byId, { kind: 'edge', edge: 'last' }))).toBe(count);
    expect(selected(doing(page, { kind: 'edge', edge: 'first' }))).toBe(1);
  });

  it('scrolls without a selection, no further than the last row', () => {
    const live = doing(byId, move(1), { kind: 'scroll', rows: 3 });
    expect(shown(live)).toMatchObject({ selected: [] });
    expect(shown(live).ids[0]).toBe('4');
    expect(shown(doing(live, { kind: 'scroll', rows: -99 })).ids[0]).toBe('1');
    expect(shown(doing(live, { kind: 'scroll', rows: 9999 })).ids.at(-1)).toBe(String(count));
  });

  it('lets go of the row with Esc', () => {
    expect(shown(doing(byId, move(1), { kind: 'back' })).selected).toEqual([]);
  });

  it('does nothing without a document', () => {
    const empty = liveOf(null);
    for (const action of [move(1), { kind: 'page', pages: 1 }, { kind: 'sortBy', step: 1 }] as const) {
      expect(update(empty, action, SIZE)).toEqual(empty);
    }
  });
});

describe('the help', () => {
  const SMALL = { columns: 80, rows: 16 };
  const open = update(MANY, { kind: 'help' }, SMALL);
  const shows = (live: Live, ...actions: Action[]) =>
    plain(
      screen(
        actions.reduce((now, action) => update(now, action, SMALL), live),
        SMALL,
      ),
    );

  it('opens and closes with its key, and closes with Esc', () => {
    expect(shows(open)).toContain('this help');
    expect(shows(open, { kind: 'help' })).toBe(shows(MANY));
    expect(shows(open, { kind: 'back' })).toBe(shows(MANY));
  });

  it('is scrolled, to its end and back, and the table under it is not', () => {
    const end = shows(open, { kind: 'edge', edge: 'last' });
    expect(end).toContain('"not known"');
    expect(shows(open, move(1))).not.toBe(shows(open));
    expect(shows(open, move(1), move(-1))).toBe(shows(open));
    expect(shows(open, { kind: 'page', pages: 1 }, { kind: 'page', pages: -1 })).toBe(shows(open));
    expect(shows(open, move(5), { kind: 'back' })).toBe(shows(MANY));
  });

  it('goes up again at once from where it cannot go down', () => {
    const end = shows(open, { kind: 'edge', edge: 'last' });
    expect(shows(open, { kind: 'edge', edge: 'last' }, move(-1))).not.toBe(end);
    expect(shows(open, ...times(200, move(1)), move(-1))).not.toBe(end);
  });
});
