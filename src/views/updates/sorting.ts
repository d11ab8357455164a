import { isObserved } from '../../monitor/observation.ts';
import type { Scene, ViewState } from '../scene.ts';
import { sortOf } from '../view.ts';
import { tableOf, viewOf } from '../views.ts';

/** By a column in its own order; by the same one again, the other way round. */
export function sortBy(live: Scene, name: string): ViewState['sort'] {
  const view = viewOf(live);
  const current = sortOf(view, live.view);
  const column = view.columns.find((each) => each.name === name);
  if (!column) return live.view.sort;
  return { column: name, descending: current.column === name ? !current.descending : column.descending };
}

/** By the column beside the one that is sorted by. */
export function sortByNeighbour(live: Scene, step: 1 | -1): Partial<ViewState> | null {
  if (!isObserved(live)) return null;
  const view = viewOf(live);
  const { columns } = tableOf(view, live, live.view);
  const at = columns.findIndex(({ name }) => name === sortOf(view, live.view).column);
  const next = columns[at + step];
  return next ? { sort: sortBy(live, next.name), top: 0 } : null;
}
