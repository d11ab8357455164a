import type { Action } from '../views/actions.ts';
import type { Size } from '../views/frame.ts';
import { update } from '../views/update.ts';
import { followed } from './arrived.ts';
import { type AppState, focused, sceneOf } from './state.ts';

/**
 * The state after an action of the user. Actions with an effect outside the view (quitting, copying) change nothing
 * here.
 */
export function act(state: AppState, action: Action, size: Size): AppState {
  const { view, stack, lastSeen } = update(sceneOf(state), action, size);
  const frozen = view.frozenAt === null ? null : (state.frozen ?? focused(state));
  const next: AppState = { ...state, view, stack, lastSeen, frozen };
  return state.frozen && !frozen ? { ...next, ...followed(state, state.frozen, next) } : next;
}
