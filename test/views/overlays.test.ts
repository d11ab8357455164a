import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/views/actions.ts';
import { BINDINGS } from '../../src/views/bindings.ts';
import { isAllowed, OVERLAYS, type Overlay, overlayOf } from '../../src/views/overlays.ts';
import { update } from '../../src/views/update.ts';
import { makeScene, secondSample } from './samples.ts';
import { doing, SIZE } from './updating.ts';

const TABLE = makeScene(secondSample('threads'), { view: { selected: '1' } });
const OPEN: Readonly<Record<Overlay, typeof TABLE>> = {
  help: doing(TABLE, { kind: 'help' }),
  chooser: doing(TABLE, { kind: 'chooser' }),
  sort: doing(TABLE, { kind: 'sortMenu' }),
  detail: doing(TABLE, { kind: 'detail' }),
  prompt: doing(TABLE, { kind: 'filter' }),
};
const ACTIONS: readonly Action[] = [
  ...BINDINGS.map(({ action }) => (typeof action === 'function' ? action(0) : action)),
  { kind: 'sort', column: 'rps' },
  { kind: 'select', id: '2' },
];

describe.each(Object.keys(OPEN) as Overlay[])('over the table, the overlay %s', (overlay) => {
  const scene = OPEN[overlay];
  const { takes, passes } = OVERLAYS[overlay];

  it('is on top', () => {
    expect(overlayOf(scene.view)).toBe(overlay);
  });

  it('ignores actions that it does not name', () => {
    const others = ACTIONS.filter(({ kind }) => !takes.includes(kind) && !passes.includes(kind));
    expect(others.length).toBeGreaterThan(3);
    for (const action of others) {
      expect(isAllowed(scene.view, action)).toBe(false);
      expect(update(scene, action, SIZE)).toBe(scene);
    }
  });

  it('does not change the table below it with its own actions', () => {
    for (const action of ACTIONS.filter(({ kind }) => takes.includes(kind))) {
      const { sort, cores, tab, filter } = update(scene, action, SIZE).view;
      const before = scene.view;
      expect([action.kind, sort, cores, tab, filter]).toEqual([
        action.kind,
        before.sort,
        before.cores,
        before.tab,
        before.filter,
      ]);
    }
  });

  it('still allows to quit, suspend and redraw', () => {
    for (const kind of ['quit', 'suspend', 'redraw'] as const)
      expect(isAllowed(scene.view, { kind })).toBe(true);
  });
});
