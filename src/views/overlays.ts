import type { Action } from './actions.ts';
import type { ViewState } from './scene.ts';

/** What can lie over a table and takes keys before it. */
export type Overlay = 'help' | 'chooser' | 'detail' | 'prompt';

type Kinds = readonly Action['kind'][];

/** What a user can do whatever lies over the table. */
const ALWAYS: Kinds = ['quit', 'suspend', 'redraw'];
/** What changes the readings, and shows in the header. */
const READINGS: Kinds = ['fast', 'freeze', 'interval'];
const VIEWS: Kinds = ['tab', 'view', 'viewNumber'];
const MOVEMENTS: Kinds = ['move', 'page', 'edge', 'scroll'];

/**
 * The actions that an overlay takes itself, or lets through to what is under it. All others do nothing there: the user
 * would not see what they change.
 */
export const OVERLAYS: Readonly<Record<Overlay, { takes: Kinds; passes: Kinds }>> = {
  help: {
    takes: ['back', 'help', ...MOVEMENTS],
    passes: [...ALWAYS, ...READINGS, ...VIEWS, 'chooser', 'filter', 'save'],
  },
  chooser: {
    takes: ['back', 'toggle', 'shift', 'restore', ...MOVEMENTS],
    passes: [...ALWAYS, ...READINGS, ...VIEWS, 'help', 'filter', 'save'],
  },
  detail: {
    takes: ['back', 'detail', 'match', 'stack', 'type', 'erase', 'accept', ...MOVEMENTS],
    passes: [...ALWAYS, ...READINGS, ...VIEWS, 'help', 'filter', 'chooser', 'copy', 'save'],
  },
  prompt: {
    takes: ['type', 'erase', 'accept', 'back'],
    passes: [...ALWAYS, ...VIEWS, ...MOVEMENTS, 'help', 'select'],
  },
};

/** What lies on top; `null` is the table itself. */
export function overlayOf({ help, chooser, detail, prompt }: ViewState): Overlay | null {
  if (help !== null) return 'help';
  if (chooser !== null) return 'chooser';
  if (detail !== null) return 'detail';
  return prompt === null ? null : 'prompt';
}

/** Whether an action does anything on this screen. Each one answers a question. */
export function isAllowed(view: ViewState, { kind }: Action): boolean {
  const overlay = overlayOf(view);
  if (overlay === null || view.question !== null) return true;
  const { takes, passes } = OVERLAYS[overlay];
  return takes.includes(kind) || passes.includes(kind);
}
