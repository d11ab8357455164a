import { isObserved } from '../../monitor/observation.ts';
import type { Action } from '../actions.ts';
import type { ChooserState, Scene, ViewState } from '../scene.ts';
import { columnsOf } from '../view.ts';
import { tableOf, viewOf } from '../views.ts';
import { clamp } from './scrolling.ts';

/** Opens the column chooser: the shown columns in their order, then the others. `null` if the view has no columns. */
export function openChooser(scene: Scene): Partial<ViewState> | null {
  const { columns } = viewOf(scene);
  if (columns.length === 0) return null;
  return {
    chooser: { ...stateOf(scene, scene.view.columns), at: 0 },
    prompt: null,
    detail: null,
    help: null,
  };
}

function stateOf(scene: Scene, chosen: readonly string[] | null): Pick<ChooserState, 'order' | 'shown'> {
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

/** Handles an action in the column chooser. The table changes at once. `null` if the action is not for the chooser. */
export function chooserChange(scene: Scene, state: ChooserState, action: Action): Partial<ViewState> | null {
  const { order, shown, at } = state;
  const last = order.length - 1;
  switch (action.kind) {
    case 'back':
      return { chooser: null };
    case 'move':
    case 'scroll':
      return { chooser: { ...state, at: clamp(at + action.rows, 0, last) } };
    case 'page':
      return { chooser: { ...state, at: clamp(at + action.pages * 10, 0, last) } };
    case 'edge':
      return { chooser: { ...state, at: action.edge === 'first' ? 0 : last } };
    case 'toggle':
      return chosen({ ...state, shown: toggled(shown, order[at]) });
    case 'shift':
      return chosen(shifted(state, action.step));
    case 'restore':
      return { columns: null, chooser: { ...stateOf(scene, null), at } };
    default:
      return null;
  }
}

function chosen(state: ChooserState): Partial<ViewState> {
  return { chooser: state, columns: state.order.filter((name) => state.shown.includes(name)) };
}

/** Shows or hides a column. Keeps the last shown column, because a table needs at least one. */
function toggled(shown: readonly string[], name: string | undefined): readonly string[] {
  if (name === undefined) return shown;
  if (!shown.includes(name)) return [...shown, name];
  return shown.length === 1 ? shown : shown.filter((each) => each !== name);
}

function shifted(state: ChooserState, step: 1 | -1): ChooserState {
  const to = clamp(state.at + step, 0, state.order.length - 1);
  const order = [...state.order];
  order.splice(to, 0, ...order.splice(state.at, 1));
  return { ...state, order, at: to };
}
