import { rare } from '../text/rare.ts';
import type { Action } from '../views/actions.ts';
import type { Hotspot } from '../views/frame.ts';
import { actionOfKey } from '../views/keys.ts';
import type { Scene } from '../views/scene.ts';
import type { Handlers } from './blessed/terminal.ts';

/** The live view, as far as its terminal needs it. */
export interface Handled {
  scene(): Scene;
  /** The clickable areas on the screen. */
  hotspots(): readonly Hotspot[];
  act(action: Action): void;
  redraw(): void;
  closed(): void;
}

/** Lines that one step of the mouse wheel scrolls. */
const WHEEL_ROWS = 3;

const invisible = rare(String.raw`[\s\p{C}]+`, 'gu');

/** Turns keys, clicks and pasted text into actions. */
export function handlersOf({ scene, hotspots, act, redraw, closed }: Handled): Handlers {
  const actionAt = (x: number, y: number) =>
    hotspots().find(({ line, start, end }) => line === y && x >= start && x < end)?.action ?? null;
  return {
    key(key) {
      const action = actionOfKey(scene(), key);
      if (action) act(action);
    },
    paste(text) {
      // Pasted text is accepted only in a prompt. As keys, it could trigger any action.
      if (scene().view.prompt) act({ kind: 'type', text: text.replace(invisible(), ' ').trim() });
    },
    click(x, y) {
      const action = actionAt(x, y);
      if (action) act(action);
    },
    wheel(direction, x, y) {
      const rows = direction * WHEEL_ROWS;
      const under = actionAt(x, y);
      const isBelow = under?.kind === 'select' && under.below === true;
      act(isBelow ? { kind: 'scroll', rows, below: true } : { kind: 'scroll', rows });
    },
    resized: redraw,
    closed,
  };
}
