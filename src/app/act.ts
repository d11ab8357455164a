import type { Action } from '../views/actions.ts';
import type { Size } from '../views/frame.ts';
import { update } from '../views/update.ts';
import { type AppState, focused, sceneOf } from './state.ts';

/** The state after an action of the user. What is done outside the view (quitting, copying) changes nothing here. */
export function act(state: AppState, action: Action, size: Size): AppState {
  const { view, stack, kept } = update(sceneOf(state), action, size);
  const frozen = view.frozenAt === null ? null : (state.frozen ?? focused(state));
  return { ...state, view, stack, kept, frozen };
}
