import { isObserved } from '../../monitor/observation.ts';
import type { Action } from '../actions.ts';
import {
  type ChooserState,
  type ColumnChooser,
  DEFAULT_ORDER,
  type Scene,
  type SortMenu,
  type ViewState,
} from '../scene.ts';
import { columnsOf, isDefaultOrder, sortOf } from '../view.ts';
import { tableOf, viewOf } from '../views.ts';
import { clamp } from './scrolling.ts';
import { sortBy } from './sorting.ts';

/** Opens the column chooser: the shown columns in their order, then the others. `null` if the view has no columns. */
export function openChooser(scene: Scene): Partial<ViewState> | null {
  return opened(scene, { kind: 'chooser', ...columnsIn(scene, scene.view.columns), at: 0 });
}

/** Opens the sort menu with the cursor on the current order. `null` if the view has no columns. */
export function openSortMenu(scene: Scene): Partial<ViewState> | null {
  const view = viewOf(scene);
  const order = [DEFAULT_ORDER, ...view.columns.map(({ name }) => name)];
  const current = isDefaultOrder(view, scene.view) ? DEFAULT_ORDER : sortOf(view, scene.view).column;
  return opened(scene, { kind: 'sort', order, at: order.indexOf(current) });
}

function opened(scene: Scene, chooser: ChooserState): Partial<ViewState> | null {
  if (viewOf(scene).columns.length === 0) return null;
  return { chooser, prompt: null, detail: null, help: null };
}

function columnsIn(scene: Scene, chosen: readonly string[] | null): Pick<ColumnChooser, 'order' | 'shown'> {
  const { columns } = viewOf(scene);
  const { view } = scene;
  // A table can omit columns without data.
  const table = isObserved(scene)
    ? tableOf(viewOf(scene), scene, { ...view, columns: chosen }).columns
    : columnsOf(columns, chosen);
  const shown = table.map(({ name }) => name);
  const others = columns.map(({ name }) => name).filter((name) => !shown.includes(name));
  return { order: [...shown, ...others], shown };
}

/** Handles an action in a list of columns. The table changes at once. `null` if the action is not for the list. */
export function chooserChange(scene: Scene, state: ChooserState, action: Action): Partial<ViewState> | null {
  if (action.kind === 'back') return { chooser: null };
  const at = moved(state, action);
  if (at !== null) return { chooser: { ...state, at } };
  return state.kind === 'sort' ? sortChange(scene, state, action) : columnChange(scene, state, action);
}

/** Position of the cursor after a movement. `null` if the action is not a movement. */
function moved({ order, at }: ChooserState, action: Action): number | null {
  const last = order.length - 1;
  switch (action.kind) {
    case 'move':
    case 'scroll':
      return clamp(at + action.rows, 0, last);
    case 'page':
      return clamp(at + action.pages * 10, 0, last);
    case 'edge':
      return action.edge === 'first' ? 0 : last;
    default:
      return null;
  }
}

function sortChange(scene: Scene, { order, at }: SortMenu, action: Action): Partial<ViewState> | null {
  if (action.kind !== 'choose') return null;
  const name = order[at] ?? DEFAULT_ORDER;
  return { sort: name === DEFAULT_ORDER ? null : sortBy(scene, name), top: 0 };
}

function columnChange(scene: Scene, state: ColumnChooser, action: Action): Partial<ViewState> | null {
  switch (action.kind) {
    case 'toggle':
      return chosen({ ...state, shown: toggled(state.shown, state.order[state.at]) });
    case 'shift':
      return chosen(shifted(state, action.step));
    case 'restore':
      return { columns: null, chooser: { ...state, ...columnsIn(scene, null) } };
    default:
      return null;
  }
}

function chosen(state: ColumnChooser): Partial<ViewState> {
  return { chooser: state, columns: state.order.filter((name) => state.shown.includes(name)) };
}

/** Shows or hides a column. Keeps the last shown column, because a table needs at least one. */
function toggled(shown: readonly string[], name: string | undefined): readonly string[] {
  if (name === undefined) return shown;
  if (!shown.includes(name)) return [...shown, name];
  return shown.length === 1 ? shown : shown.filter((each) => each !== name);
}

function shifted(state: ColumnChooser, step: 1 | -1): ColumnChooser {
  const to = clamp(state.at + step, 0, state.order.length - 1);
  const order = [...state.order];
  order.splice(to, 0, ...order.splice(state.at, 1));
  return { ...state, order, at: to };
}
