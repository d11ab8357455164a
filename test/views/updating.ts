import { isObserved } from '../../src/monitor/observation.ts';
import type { Action } from '../../src/views/actions.ts';
import { tableLayout } from '../../src/views/layout.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { tableOf, viewOf } from '../../src/views/views.ts';
import { makeScene, secondSample } from './samples.ts';

export const SIZE = { columns: 80, rows: 24 };
export const MANY = makeScene(secondSample('many'));

/** The scene after these actions, in order. */
export function doing(scene: Scene, ...actions: Action[]): Scene {
  return actions.reduce((now, action) => update(now, action, SIZE), scene);
}

export const times = <Value>(count: number, value: Value): Value[] =>
  Array.from({ length: count }, () => value);
export const move = (rows: number): Action => ({ kind: 'move', rows });

/** Ids of the rows on the screen, and of the selected row. */
export function shown(scene: Scene) {
  const { lines } = screen(scene, SIZE);
  const heading = lines.findIndex(({ emphasis }) => emphasis === 'heading');
  const rows = lines
    .slice(heading + 1, heading + tableLayout(scene, SIZE).table)
    .filter(({ spans }) => spans.length > 0);
  const idOf = ({ spans }: (typeof lines)[number]) => spans[0]?.text.trim();
  return { ids: rows.map(idOf), selected: rows.filter(({ emphasis }) => emphasis === 'selected').map(idOf) };
}

/** Number of rows of the table. */
export function rowsOf(scene: Scene): number {
  return isObserved(scene) ? tableOf(viewOf(scene), scene, scene.view).rows.length : 0;
}
