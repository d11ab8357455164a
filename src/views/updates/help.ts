import type { Action } from '../actions.ts';
import type { Size } from '../frame.ts';
import { type Help, helpMatches, helpOf } from '../help-pages.ts';
import type { HelpState, Scene, ViewState } from '../scene.ts';
import { nextOf } from '../search.ts';
import { viewOf } from '../views.ts';
import { clamp, isMovement } from './scrolling.ts';
import { promptChange } from './typing.ts';

/** Initial state of the help. */
export const HELP_OPENED: HelpState = { page: 0, search: null, at: null };

/** Handles an action while the help is open. It moves by whole pages. `null` if the action is not for the help. */
export function helpChange(
  scene: Scene,
  state: HelpState,
  action: Action,
  size: Size,
): Partial<ViewState> | null {
  const { keys, glyphs, prompt } = scene.view;
  const help = helpOf(viewOf(scene).columns, keys, size, glyphs.ellipsis);
  if (prompt !== null) return searchChange(scene, state, help, action);
  const last = help.pages.length - 1;
  const to = (page: number) => ({ help: { ...state, page: clamp(page, 0, last) } });
  // The terminal can have become smaller or larger.
  const page = Math.min(state.page, last);
  switch (action.kind) {
    case 'help':
      return { help: null };
    case 'back':
      return { help: state.search === null ? null : { ...state, search: null, at: null } };
    case 'filter':
      return { prompt: { before: state.search } };
    case 'match':
      return { help: atMatch(help, state, nextOf(helpMatches(help, state.search), state.at, action.step)) };
    case 'move':
    case 'scroll':
      return to(page + Math.sign(action.rows));
    case 'page':
      return to(page + action.pages);
    case 'edge':
      return to(action.edge === 'first' ? 0 : last);
    default:
      return null;
  }
}

function atMatch({ entries }: Help, state: HelpState, at: number | undefined): HelpState {
  return at === undefined ? state : { ...state, at, page: entries[at]?.page ?? state.page };
}

/** Handles an action in the search input. The first match comes into view while the text is typed. */
function searchChange(
  scene: Scene,
  before: HelpState,
  help: Help,
  action: Action,
): Partial<ViewState> | null {
  // The table below the help does not move.
  const change = promptChange(scene.view, action) ?? (isMovement(action) ? {} : null);
  const state = change?.help;
  if (!state) return change;
  if (state.search === before.search) return change;
  const [first] = helpMatches(help, state.search);
  return { ...change, help: atMatch(help, { ...state, at: null }, first) };
}
