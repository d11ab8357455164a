import { OTHER_REQUEST } from '../app/arrived.ts';
import type { Server } from '../app/state.ts';
import type { Sample } from '../rates/sample.ts';
import type { Clock, SourceEvent } from '../sources/source.ts';
import type { Stack } from '../stats/stacks.ts';
import { messageOf } from '../text/reason.ts';
import { plural } from '../text/words.ts';
import type { Action } from '../views/actions.ts';
import { copyText, placeOf } from '../views/detail.ts';
import type { Role, Size } from '../views/frame.ts';
import { activeScene } from '../views/parts.ts';
import { type Interaction, isOfNow, type Scene, type StackReading, type ViewState } from '../views/scene.ts';
import type { Place } from '../views/view.ts';
import { viewOf } from '../views/views.ts';

/** The state and functions that effects use. */
export interface EffectContext {
  readonly scene: Scene;
  /** Size of the terminal. */
  readonly size: Size;
  readonly clock: Clock;
  /** Changes the state, and draws it. */
  change(change: Partial<Interaction>): void;
  /** Copies a text to the clipboard. */
  copy(text: string): void;
  /**
   * Reads the Python stacks of a place of the server.
   *
   * @throws Error whose message contains the reason and advice
   */
  stacksOf(place: Place, sample: Sample, signal: AbortSignal): Promise<readonly Stack[]>;
  readonly keeper: Keeper;
  readonly recorder: LiveRecorder;
}

/** Records what the live view reads. */
export interface LiveRecorder {
  /**
   * Begins a recording and returns its folder.
   *
   * @param say is called when writing fails, and when it succeeds again. `isOver`: the recording has ended.
   * @throws Error whose message contains the reason and advice
   */
  start(say: (text: string, isOver?: boolean) => void): Promise<string>;
  stop(): void;
  /** Records an event, if a recording has begun. */
  record(target: string, event: SourceEvent): void;
  /** The servers of the view from now on. */
  setServers(servers: readonly Server[]): void;
}

/** Saves the user's choices for the next start. */
export interface Keeper {
  /** The question to ask before a file is changed. `null` if no question is needed. */
  question(): Promise<string | null>;
  /**
   * Resolves with the text of a notice about what was done.
   *
   * @throws Error
   */
  save(view: ViewState): Promise<string>;
}

export type Effects = Partial<Record<Action['kind'], () => void>>;

/** Runs the effects of actions outside the view. Errors are shown on the screen. */
export interface EffectRunner {
  effects: Effects;
  /** Aborts the read of a stack, if one is in progress, when the view ends or is suspended. */
  stop(): void;
  /** Resolves when all writes have finished. */
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
      no: () => notify(stage, 'settings not written', 'warning'),
      record() {
        // One after the other, so that two keys start and stop.
        writing = writing.then(() => record(stage));
      },
      stack() {
        // One stack at a time: each read pauses the worker for a moment.
        if (reading) return notify(stage, 'another stack is being read', 'warning');
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
  const copied = copyText(activeScene(stage.scene, stage.size), stage.size.columns);
  if (copied === null) {
    notify(stage, 'nothing selected to copy', 'warning');
    return;
  }
  const { what, text } = copied;
  stage.copy(text);
  const said =
    what === 'command' ? `the command ${text}` : `the ${what}, ${plural(text.length, 'character')}`;
  notify(stage, `copied ${said}, if the terminal allows clipboard access (OSC 52)`);
}

const NO_PYTHON = 'only requests, cores and workers have Python stacks';
const NO_LONGER = 'no Python code is running for this row';

async function readStack(stage: EffectContext, signal: AbortSignal): Promise<void> {
  const { sample } = stage.scene;
  const place = placeOf(stage.scene);
  if (!isOfNow(stage.scene)) {
    notify(stage, 'a stack can be read only while the view shows live data', 'warning');
    return;
  }
  if (place === null || sample === null || sample.kind === 'fleet') {
    notify(stage, viewOf(stage.scene).runs ? NO_LONGER : NO_PYTHON, 'warning');
    return;
  }
  const asked: StackReading = { worker: place.worker, core: place.core, result: { state: 'reading' } };
  const show = (result: StackReading['result']) => {
    // Discard the result if the user has left the row.
    if (stage.scene.stack === asked) stage.change({ stack: { ...asked, result } });
  };
  stage.change({ stack: asked });
  try {
    const stacks = await stage.stacksOf(place, sample, signal);
    // The row may have disappeared during the read.
    if (stage.scene.lastSeen) show({ state: 'failed', why: OTHER_REQUEST });
    else show({ state: 'read', time: stage.clock.wall(), stacks });
  } catch (error) {
    show({ state: 'failed', why: messageOf(error) });
  }
}

async function askOrSave(stage: EffectContext): Promise<void> {
  const question = await stage.keeper.question();
  if (question === null) return save(stage);
  // Do not ask while a prompt is open: the user's input would answer the question.
  if (stage.scene.view.prompt === null) stage.change({ view: { ...stage.scene.view, question } });
}

async function save(stage: EffectContext): Promise<void> {
  try {
    notify(stage, await stage.keeper.save(stage.scene.view));
  } catch (error) {
    notify(stage, messageOf(error), 'critical');
  }
}

async function record(stage: EffectContext): Promise<void> {
  const { recording } = stage.scene;
  if (recording !== null) {
    stage.recorder.stop();
    stage.change({ recording: null });
    notify(stage, `recorded to ${recording}`);
    return;
  }
  try {
    const folder = await stage.recorder.start((text, isOver = false) => {
      if (isOver) stage.change({ recording: null });
      notify(stage, text, 'warning');
    });
    stage.change({ recording: folder });
    notify(stage, `recording to ${folder}`);
  } catch (error) {
    notify(stage, `not recorded: ${messageOf(error)}`, 'critical');
  }
}
