import type { Action } from '../actions.ts';
import type { Size } from '../frame.ts';
import { overlayOf } from '../overlays.ts';
import { activeRow, partsOf } from '../parts.ts';
import type { Scene, ViewState } from '../scene.ts';
import type { Opening } from '../view.ts';
import { viewOf } from '../views.ts';

/** The server that an action opens from a view of the fleet; `null` if it opens none. */
export function openingOf(scene: Scene, action: Action, size: Size): Opening | null {
  const { view } = scene;
  if (overlayOf(view) !== null || view.question !== null || !isOpening(view, action)) return null;
  const active = partsOf(scene, size)?.active;
  const row = active && activeRow(active);
  if (active === undefined || row === undefined) return null;
  const opening = viewOf(active.scene).opens?.(row) ?? null;
  // A stack belongs to a request.
  return action.kind === 'stack' && opening?.row === undefined ? null : opening;
}

/** Whether an action opens a row: Enter, `t`, or a second click. */
export function isOpening(view: ViewState, action: Action): boolean {
  switch (action.kind) {
    case 'detail':
    case 'stack':
      return true;
    case 'select':
      return (action.below ? view.lower.selected : view.selected) === action.id;
    default:
      return false;
  }
}
