import { isObserved } from '../../monitor/observation.ts';
import type { Scene, ViewState } from '../scene.ts';
import { sortOf } from '../view.ts';
import { tableOf, viewOf } from '../views.ts';

/** Returns the order by a column: its default direction, or the reverse if the table is already sorted by it. */
export function sortBy(scene: Scene, name: string): ViewState['sort'] {
  const view = viewOf(scene);
  const current = sortOf(view, scene.view);
  const column = view.columns.find((each) => each.name === name);
  if (!column) return scene.view.sort;
  return { column: name, descending: current.column === name ? !current.descending : column.descending };
}

/** Sorts by the column next to the current sort column. `null` if there is none. */
export function sortByNeighbour(scene: Scene, step: 1 | -1): Partial<ViewState> | null {
  if (!isObserved(scene)) return null;
  const view = viewOf(scene);
  const { columns } = tableOf(view, scene, scene.view);
  const at = columns.findIndex(({ name }) => name === sortOf(view, scene.view).column);
  const next = columns[at + step];
  return next ? { sort: sortBy(scene, next.name), top: 0 } : null;
}
