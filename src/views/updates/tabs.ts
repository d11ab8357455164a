import type { Action } from '../actions.ts';
import { AT_TOP, type Scene, type TabState, UNTOUCHED, type ViewState } from '../scene.ts';
import { VIEWS, viewOf } from '../views.ts';

type TabAction = Extract<Action, { kind: 'tab' | 'view' | 'viewNumber' }>;

/** Switches to another view and restores its last state. */
export function changeTab(scene: Scene, action: TabAction): Partial<ViewState> {
  const { view } = scene;
  const current = viewOf(scene).name;
  const name = nameOf(scene, action);
  if (name === current) return { help: null, chooser: null };
  const { sort, columns, filter, selected, top } = view;
  const state: TabState = { sort, columns, filter, selected, top };
  return {
    tab: name,
    otherTabs: { ...view.otherTabs, [current]: state },
    ...(view.otherTabs[name] ?? UNTOUCHED),
    lower: AT_TOP,
    ledFrom: null,
    prompt: null,
    detail: null,
    chooser: null,
    help: null,
  };
}

/** Returns the name of the view that an action selects. The current view if this kind of server lacks it. */
function nameOf(scene: Scene, action: TabAction): string {
  const names = VIEWS[scene.sample?.kind ?? 'app'].map(({ name }) => name);
  const current = viewOf(scene).name;
  switch (action.kind) {
    case 'tab':
      return names.at((names.indexOf(current) + action.step) % names.length) ?? current;
    case 'view':
      return names.includes(action.name) ? action.name : current;
    case 'viewNumber':
      return names[action.number - 1] ?? current;
  }
}
