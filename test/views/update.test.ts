import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/views/actions.ts';
import { intervalOf, type Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { sortOf } from '../../src/views/view.ts';
import { viewOf } from '../../src/views/views.ts';
import { LOOKED_AT, makeScene, plain, secondSample } from './samples.ts';
import { doing, MANY, move, rowsOf, SIZE, shown, times } from './updating.ts';

describe('actions outside the view', () => {
  it.each(['quit', 'suspend', 'redraw'] as const)('%s changes nothing', (kind) => {
    expect(update(MANY, { kind }, SIZE)).toBe(MANY);
  });

  it('an action does not modify its input', () => {
    const before = JSON.stringify(MANY.view);
    doing(MANY, move(3), { kind: 'cores' }, { kind: 'sort', column: 'pid' }, { kind: 'help' });
    expect(JSON.stringify(MANY.view)).toBe(before);
  });
});

describe('sorting', () => {
  const sort = (column: string): Action => ({ kind: 'sort', column });
  const sorting = (scene: Scene) => sortOf(viewOf(scene), scene.view);

  it('sorts by a column in its own order, and reverses it the second time', () => {
    expect(sorting(MANY)).toMatchObject({ column: 'oldest', descending: true });
    expect(sorting(doing(MANY, sort('oldest')))).toEqual({ column: 'oldest', descending: false });
    expect(sorting(doing(MANY, sort('requests')))).toEqual({ column: 'requests', descending: true });
    expect(sorting(doing(MANY, sort('id')))).toEqual({ column: 'id', descending: false });
    expect(sorting(doing(MANY, sort('id'), sort('id')))).toEqual({ column: 'id', descending: true });
    expect(sorting(doing(MANY, sort('id'), sort('id'), sort('id')))).toEqual({
      column: 'id',
      descending: false,
    });
  });

  it('shows the first rows of the new order', () => {
    const scene = doing(MANY, { kind: 'scroll', rows: 9 }, sort('id'));
    expect(shown(scene).ids.slice(0, 3)).toEqual(['1', '2', '3']);
    // Only the first four of the workers run.
    expect(rowsOf(MANY)).toBeGreaterThan(4);
    expect(shown(doing(scene, sort('id'))).ids.slice(0, 5)).toEqual(['4', '3', '2', '1', '96']);
  });

  it('keeps the selected row', () => {
    const scene = doing(MANY, sort('id'), move(1), move(1), sort('id'));
    expect(shown(scene).selected).toEqual(['2']);
  });

  it('ignores a column that the table does not have', () => {
    expect(sorting(doing(MANY, sort('vassal')))).toEqual(sorting(MANY));
  });

  it('moves to the neighbouring columns and stops at the edges', () => {
    const by = (scene: Scene, step: 1 | -1) => update(scene, { kind: 'sortBy', step }, SIZE);
    expect(sorting(by(MANY, -1)).column).toBe('busy');
    expect(sorting(times(9, -1 as const).reduce(by, MANY)).column).toBe('id');
    const last = times(40, 1 as const).reduce(by, MANY);
    expect(sorting(last).column).toBe('request');
  });

  it('moves only to shown columns', () => {
    const chosen = makeScene(secondSample('threads'), { view: { columns: ['id', 'oldest', 'rps'] } });
    expect(sorting(update(chosen, { kind: 'sortBy', step: 1 }, SIZE)).column).toBe('rps');
  });
});

describe('cores', () => {
  it('change from off to merged to tree and back', () => {
    const modes = [1, 2, 3].map(
      (count) => doing(MANY, ...times(count, { kind: 'cores' } as const)).view.cores,
    );
    expect(modes).toEqual(['merged', 'tree', 'off']);
  });

  it('start at the first row without a selection, because the rows differ', () => {
    const scene = doing(MANY, { kind: 'edge', edge: 'last' }, { kind: 'cores' });
    expect(scene.view).toMatchObject({ selected: null, top: 0 });
  });
});

describe('the interval', () => {
  const step = (scene: Scene, by: 1 | -1) => update(scene, { kind: 'interval', step: by }, SIZE);
  const interval = (seconds: number) => makeScene(null, { view: { interval: seconds } });

  it('ranges from 0.1 s to an hour, in steps', () => {
    expect(intervalOf(step(interval(1), 1).view)).toBe(2);
    expect(intervalOf(step(interval(1), -1).view)).toBe(0.5);
    expect(intervalOf(step(interval(0.1), -1).view)).toBe(0.1);
    expect(intervalOf(step(interval(3600), 1).view)).toBe(3600);
    expect(intervalOf(step(interval(3), 1).view)).toBe(5);
    expect(intervalOf(step(interval(3), -1).view)).toBe(2);
  });

  it('is 0.1 s in the fast mode, and restored afterwards', () => {
    const fast = update(interval(5), { kind: 'fast' }, SIZE);
    expect(intervalOf(fast.view)).toBe(0.1);
    expect(intervalOf(update(fast, { kind: 'fast' }, SIZE).view)).toBe(5);
    expect(step(fast, 1).view).toMatchObject({ fast: false, interval: 10 });
  });
});

describe('freezing', () => {
  it('keeps the time, and ends the second time', () => {
    const frozen = update(MANY, { kind: 'freeze' }, SIZE);
    expect(frozen.view.frozenAt).toBe(LOOKED_AT);
    expect(plain(screen(frozen, SIZE))).toContain('frozen at 08:17:20');
    expect(update(frozen, { kind: 'freeze' }, SIZE).view.frozenAt).toBeNull();
  });
});

describe('Esc', () => {
  it('removes the filter at once if it hides the selected row', () => {
    const selected = doing(MANY, { kind: 'sort', column: 'id' }, move(1));
    const hidden = { ...selected, view: { ...selected.view, filter: 'id=2' } };
    expect(doing(hidden, { kind: 'back' }).view).toMatchObject({ selected: null, filter: null });
    const shown = { ...selected, view: { ...selected.view, filter: 'id=1' } };
    expect(doing(shown, { kind: 'back' }).view).toMatchObject({ selected: null, filter: 'id=1' });
  });
});
