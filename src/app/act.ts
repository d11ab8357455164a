import type { Action } from '../views/actions.ts';
import type { Size } from '../views/frame.ts';
import { update } from '../views/update.ts';
import { openingOf } from '../views/updates/servers.ts';
import { followed } from './arrived.ts';
import { goBack, leavesServer, showServer } from './focus.ts';
import { type AppState, sceneOf, serverOf } from './state.ts';

/**
 * The state after an action of the user. Actions with an effect outside the view (quitting, copying) change nothing
 * here.
 */
export function act(state: AppState, action: Action, size: Size): AppState {
  if (leavesServer(state, action)) return goBack(state);
  const opening = openingOf(sceneOf(state), action, size);
  if (opening === null) return updated(state, action, size);
  const shown = showServer(state, opening);
  if (opening.row === undefined) return shown;
  const opened = updated(shown, { kind: action.kind === 'stack' ? 'stack' : 'detail' }, size);
  const { detail } = opened.view;
  return detail === null
    ? opened
    : { ...opened, view: { ...opened.view, detail: { ...detail, isVisit: true } } };
}

function updated(state: AppState, action: Action, size: Size): AppState {
  const { view, stack, lastSeen } = update(sceneOf(state), action, size);
  const frozen = view.frozenAt === null ? null : (state.frozen ?? state.fleet);
  const next: AppState = { ...state, view, stack, lastSeen, frozen };
  // The rows of a fleet have no detail to follow.
  if (state.frozen === null || frozen !== null || state.focus === null) return next;
  return { ...next, ...followed(state, serverOf({ fleet: state.frozen }, state.focus), next) };
}
