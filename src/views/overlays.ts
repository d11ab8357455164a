import type { Action } from './actions.ts';
import type { ViewState } from './scene.ts';

/** Layers that can cover the table and receive keys before it. */
export type Overlay = 'help' | 'chooser' | 'sort' | 'detail' | 'prompt';

type Kinds = readonly Action['kind'][];

/** Actions that are available in every overlay. */
const ALWAYS: Kinds = ['quit', 'suspend', 'redraw'];
/** Actions that change the sampling. The header shows their effect. */
const READINGS: Kinds = ['fast', 'freeze', 'interval', 'record', 'replay', 'jump'];
const VIEWS: Kinds = ['tab', 'view', 'viewNumber'];
const MOVEMENTS: Kinds = ['move', 'page', 'edge', 'scroll'];

/**
 * For each overlay, the actions that it handles and the actions that it passes to the layer below. It ignores all other
 * actions, because the user would not see their effect.
 */
export const OVERLAYS: Readonly<Record<Overlay, { takes: Kinds; passes: Kinds }>> = {
  help: {
    takes: ['back', 'help', 'filter', 'match', 'type', 'erase', 'accept', ...MOVEMENTS],
    passes: [...ALWAYS, ...READINGS, ...VIEWS, 'chooser', 'sortMenu', 'save'],
  },
  chooser: {
    takes: ['back', 'toggle', 'shift', 'restore', ...MOVEMENTS],
    passes: [...ALWAYS, ...READINGS, ...VIEWS, 'help', 'sortMenu', 'filter', 'save'],
  },
  sort: {
    takes: ['back', 'choose', ...MOVEMENTS],
    passes: [...ALWAYS, ...READINGS, ...VIEWS, 'sort', 'defaultOrder', 'help', 'chooser', 'filter', 'save'],
  },
  detail: {
    takes: ['back', 'detail', 'match', 'stack', 'type', 'erase', 'accept', ...MOVEMENTS],
    passes: [...ALWAYS, ...READINGS, ...VIEWS, 'help', 'filter', 'chooser', 'sortMenu', 'copy', 'save'],
  },
  prompt: {
    takes: ['type', 'erase', 'accept', 'back'],
    passes: [...ALWAYS, ...VIEWS, ...MOVEMENTS, 'help', 'select'],
  },
};

/** The topmost overlay; `null` if the table is not covered. */
export function overlayOf({ help, chooser, detail, prompt }: ViewState): Overlay | null {
  if (help !== null) return 'help';
  if (chooser !== null) return chooser.kind;
  if (detail !== null) return 'detail';
  return prompt === null ? null : 'prompt';
}

/** Whether nothing covers the table, no row is selected and no filter is set. */
export function isAtRest(view: ViewState): boolean {
  const { question, selected, lower, filter } = view;
  return (
    overlayOf(view) === null && [question, selected, lower.selected, filter].every((each) => each === null)
  );
}

/** Whether an action has an effect on this screen. Every action answers an open question. */
export function isAllowed(view: ViewState, { kind }: Action): boolean {
  const overlay = overlayOf(view);
  if (overlay === null || view.question !== null) return true;
  const { takes, passes } = OVERLAYS[overlay];
  return takes.includes(kind) || passes.includes(kind);
}
