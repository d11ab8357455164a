import type { Action } from './actions.ts';
import { actionOf, answerOf, typingActionOf } from './keymap.ts';
import { type Scene, whereOf } from './scene.ts';
import { viewOf } from './views.ts';

/** The action of a key on this screen: the answer to a question, a character of a prompt, or a command. */
export function actionOfKey(scene: Scene, key: string): Action | null {
  const { view } = scene;
  if (view.question !== null) return answerOf(view.keys, key);
  if (view.prompt) return typingActionOf(view.keys, key);
  return actionOf(view.keys, key, viewOf(scene).columns, whereOf(view));
}
