import { isObserved } from '../../monitor/observation.ts';
import type { Scene, ViewState } from '../scene.ts';
import { sortOf } from '../view.ts';
import { tableOf, viewOf } from '../views.ts';

/** By a column in its own order; by the same one again, the other way round. */
export function sortBy(scene: Scene, name: string): ViewState['sort'] {
  const view = viewOf(scene);
  const current = sortOf(view, scene.view);
  const column = view.columns.find((each) => each.name === name);
  if (!column) return scene.view.sort;
  return { column: name, descending: current.column === name ? !current.descending : column.descending };
}

/** By the column beside the one that is sorted by. */
export function sortByNeighbour(scene: Scene, step: 1 | -1): Partial<ViewState> | null {
  if (!isObserved(scene)) return null;
  const view = viewOf(scene);
  const { columns } = tableOf(view, scene, scene.view);
  const at = columns.findIndex(({ name }) => name === sortOf(view, scene.view).column);
  const next = columns[at + step];
  return next ? { sort: sortBy(scene, next.name), top: 0 } : null;
}
