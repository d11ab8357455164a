import type { Action } from '../actions.ts';

/** Returns the first visible line, of `lines` lines, after a movement. `null` if the action is not a movement. */
export function scrolled(top: number, lines: number, action: Action, height: number): number | null {
  const last = Math.max(0, lines - height);
  switch (action.kind) {
    case 'move':
    case 'scroll':
      return clamp(top + action.rows, 0, last);
    case 'page':
      return clamp(top + action.pages * (height - 1), 0, last);
    case 'edge':
      return action.edge === 'first' ? 0 : last;
    default:
      return null;
  }
}

export function isMovement({ kind }: Action): boolean {
  return kind === 'move' || kind === 'page' || kind === 'edge' || kind === 'scroll';
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
