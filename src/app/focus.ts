import type { Action } from '../views/actions.ts';
import { isAtRest } from '../views/overlays.ts';
import { AT_TOP } from '../views/scene.ts';
import { changeTab } from '../views/updates/tabs.ts';
import type { Opening } from '../views/view.ts';
import { VIEWS } from '../views/views.ts';
import { type AppState, focused, placeOf, sceneOf } from './state.ts';

/** Whether an action leads from a server back to the fleet: nothing else is left to close. */
export function leavesServer({ focus, fleet, view }: AppState, { kind }: Action): boolean {
  if (focus === null || fleet.servers.size < 2) return false;
  if (view.detail?.isOfFleet && view.help === null && view.prompt === null && view.question === null)
    return (
      kind === 'detail' || (kind === 'back' && view.detail.field === null && view.detail.search === null)
    );
  return kind === 'back' && isAtRest(view);
}

/** Shows all servers, with the choices that were made there. */
export function showFleet(state: AppState): AppState {
  return { ...state, ...swapped(state, null), view: { ...state.view, ...state.other } };
}

/**
 * Shows a server: its first view, or the view of the row to open, in which that row is selected. The columns and the
 * order of each view are those of the server shown before.
 */
export function showServer(state: AppState, { target, row }: Opening): AppState {
  const view = {
    ...state.view,
    ...state.other,
    selected: null,
    top: 0,
    lower: AT_TOP,
    filter: null,
    detail: null,
  };
  const next = { ...state, ...swapped(state, target), view };
  const kind = focused(next).sample?.kind;
  // The first document selects the view.
  if (kind === undefined) return { ...next, view: { ...view, tab: null } };
  const [first] = VIEWS[kind];
  const change = changeTab(sceneOf(next), { kind: 'view', name: row?.view ?? first.name });
  return {
    ...next,
    view: { ...view, ...change, filter: null, ...(row ? { selected: row.id } : {}) },
  };
}

function swapped(
  state: AppState,
  focus: string | null,
): Pick<AppState, 'focus' | 'other' | 'stack' | 'lastSeen'> {
  return { focus, other: placeOf(state.view), stack: null, lastSeen: null };
}
