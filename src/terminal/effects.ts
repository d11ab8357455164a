import { OTHER_REQUEST } from '../app/arrived.ts';
import type { Sample } from '../rates/sample.ts';
import type { Clock } from '../sources/source.ts';
import type { Stack } from '../stats/stacks.ts';
import { plural } from '../text/words.ts';
import type { Action } from '../views/actions.ts';
import { copyText, placeOf } from '../views/detail.ts';
import type { Role } from '../views/frame.ts';
import { type Interaction, isOfNow, type Scene, type StackReading, type ViewState } from '../views/scene.ts';
import type { Place } from '../views/view.ts';
import { viewOf } from '../views/views.ts';

/** What effects work on and with. */
export interface EffectContext {
  readonly scene: Scene;
  readonly clock: Clock;
  /** Changes what is shown, and draws it. */
  change(change: Partial<Interaction>): void;
  /** Puts a text into the clipboard. */
  copy(text: string): void;
  /** The Python stacks of a place of the server. @throws Error whose message says why there are none, and what to do */
  stacksOf(place: Place, sample: Sample, signal: AbortSignal): Promise<readonly Stack[]>;
  readonly keeper: Keeper;
}

/** Keeps what the user chose for the next start. */
export interface Keeper {
  /** What to ask before a file is changed; `null` when there is nothing to ask. */
  question(): Promise<string | null>;
  /** Resolves with what was done, for a notice. @throws Error */
  save(view: ViewState): Promise<string>;
}

export type Effects = Partial<Record<Action['kind'], () => void>>;

/** What actions do outside the view, and what is left of it. What goes wrong is said on the screen. */
export interface EffectRunner {
  effects: Effects;
  /** Nobody reads any more: a stack that is being read is given up. */
  stop(): void;
  /** Resolves when nothing is left to be written. */
  written(): Promise<void>;
}

export function createEffects(stage: EffectContext): EffectRunner {
  let reading: AbortController | null = null;
  let writing = Promise.resolve();
  return {
    effects: {
      copy: () => copy(stage),
      save() {
        writing = writing.then(() => askOrSave(stage));
      },
      yes() {
        writing = writing.then(() => save(stage));
      },
      no: () => notify(stage, 'nothing was written', 'warning'),
      stack() {
        // One at a time: each makes the worker stand still for a moment.
        if (reading) return notify(stage, 'one stack at a time', 'warning');
        const own = new AbortController();
        reading = own;
        void readStack(stage, own.signal).finally(() => {
          reading = null;
        });
      },
    },
    stop: () => reading?.abort(),
    written: () => writing,
  };
}

function notify(stage: EffectContext, text: string, role: Role = 'good'): void {
  const now = stage.clock.wall();
  stage.change({ now, notice: { text, role, at: now } });
}

function copy(stage: EffectContext): void {
  const text = copyText(stage.scene);
  if (text !== null) stage.copy(text);
  if (text === null) notify(stage, 'nothing is selected to copy', 'warning');
  else notify(stage, `copied ${plural(text.length, 'character')}, where the terminal lets programs (OSC 52)`);
}

const NO_PYTHON = 'only a request, a core or a worker has a Python stack: this is none of them';
const NO_LONGER = 'nothing in Python runs for this, or no longer';

async function readStack(stage: EffectContext, signal: AbortSignal): Promise<void> {
  const { sample } = stage.scene;
  const place = placeOf(stage.scene);
  if (!isOfNow(stage.scene)) {
    notify(stage, 'a stack is of now, and what is shown is not', 'warning');
    return;
  }
  if (place === null || sample === null) {
    notify(stage, viewOf(stage.scene).runs ? NO_LONGER : NO_PYTHON, 'warning');
    return;
  }
  const asked: StackReading = { worker: place.worker, core: place.core, result: { state: 'reading' } };
  const show = (result: StackReading['result']) => {
    // Of a row that was left meanwhile nobody wants to know.
    if (stage.scene.stack === asked) stage.change({ stack: { ...asked, result } });
  };
  stage.change({ stack: asked });
  try {
    const stacks = await stage.stacksOf(place, sample, signal);
    // The row may have gone while it was read.
    if (stage.scene.lastSeen) show({ state: 'failed', why: OTHER_REQUEST });
    else show({ state: 'read', time: stage.clock.wall(), stacks });
  } catch (error) {
    show({ state: 'failed', why: messageOf(error) });
  }
}

async function askOrSave(stage: EffectContext): Promise<void> {
  const question = await stage.keeper.question();
  if (question === null) return save(stage);
  // Letters that the user types are no answers.
  if (stage.scene.view.prompt === null) stage.change({ view: { ...stage.scene.view, question } });
}

async function save(stage: EffectContext): Promise<void> {
  try {
    notify(stage, await stage.keeper.save(stage.scene.view));
  } catch (error) {
    notify(stage, messageOf(error), 'critical');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
