import type { Action } from '../views/actions.ts';
import { isAtRest } from '../views/overlays.ts';
import { AT_TOP } from '../views/scene.ts';
import { changeTab } from '../views/updates/tabs.ts';
import type { Opening } from '../views/view.ts';
import { VIEWS } from '../views/views.ts';
import { type AppState, placeOf, sceneOf } from './state.ts';

/** Whether an action leads back from a server: nothing else is left to close. */
export function leavesServer({ back, view }: AppState, { kind }: Action): boolean {
  if (back.length === 0) return false;
  const { detail, help, prompt, question } = view;
  if (detail?.isVisit && [help, prompt, question].every((each) => each === null))
    return kind === 'detail' || (kind === 'back' && detail.field === null && detail.search === null);
  return kind === 'back' && isAtRest(view);
}

/** Shows what was shown before, with the choices that were made there. */
export function goBack(state: AppState): AppState {
  const { focus, place } = state.back.at(-1) ?? { focus: null, place: state.server };
  return {
    ...state,
    ...UNRELATED,
    focus,
    back: state.back.slice(0, -1),
    server: placeOf(state.view),
    view: { ...state.view, ...place },
  };
}

/**
 * Shows a server: its first view, or the view of the row to open, in which that row is selected. The columns and the
 * order of each view are those of the server shown before.
 */
export function showServer(state: AppState, { target, row }: Opening): AppState {
  const { focus } = state;
  const place = placeOf(state.view);
  const view = { ...state.view, ...(focus === null ? state.server : place), ...UNSELECTED };
  const next = { ...state, ...UNRELATED, focus: target, back: [...state.back, { focus, place }], view };
  const { kind } = sceneOf(next).sample ?? {};
  // The first document selects the view.
  if (kind === undefined) return { ...next, view: { ...view, tab: null } };
  const [first] = VIEWS[kind];
  const change = changeTab(sceneOf(next), { kind: 'view', name: row?.view ?? first.name });
  return { ...next, view: { ...view, ...change, filter: null, ...(row ? { selected: row.id } : {}) } };
}

/** What belongs only to the server shown before. */
const UNRELATED = { stack: null, lastSeen: null };
const UNSELECTED = { selected: null, top: 0, lower: AT_TOP, filter: null, detail: null };
