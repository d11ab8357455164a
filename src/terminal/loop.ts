import { setTimeout as sleep } from 'node:timers/promises';
import { act } from '../app/act.ts';
import { arrived } from '../app/arrived.ts';
import { type AppState, focused, sceneOf } from '../app/state.ts';
import type { HostReading } from '../host/reading.ts';
import { timely } from '../host/timely.ts';
import { observe } from '../monitor/observe.ts';
import { openSource } from '../sources/open.ts';
import type { Source, SourceEvent } from '../sources/source.ts';
import type { AppSnapshot } from '../stats/snapshot.ts';
import type { Target } from '../targets/target.ts';
import type { Action } from '../views/actions.ts';
import { workerLookedAt } from '../views/detail.ts';
import { isPassing } from '../views/header.ts';
import { actionOfKey } from '../views/keys.ts';
import { isAllowed } from '../views/overlays.ts';
import { intervalOf } from '../views/scene.ts';
import { screen } from '../views/screen.ts';
import { openTerminal, type Streams, type Terminal } from './blessed/terminal.ts';
import type { TerminalType } from './blessed/terminfo.ts';
import { createEffects, type EffectContext, type EffectRunner, type Effects } from './effects.ts';
import { FrameScheduler } from './frame-scheduler.ts';
import { JobControl } from './job-control.ts';
import { ENDING_SIGNALS } from './signals.ts';

export interface LoopOptions extends Pick<EffectContext, 'stacksOf' | 'keeper'> {
  target: Target;
  timeoutSeconds: number;
  /**
   * What this machine's kernel knows of a server, `null` where that does not run here. Never fails.
   *
   * @param lookedAt the id of the worker that is looked at
   */
  hostOf(snapshot: AppSnapshot, clock: number, lookedAt: number | null): Promise<HostReading | null>;
  /** What is shown to begin with. */
  state: AppState;
  streams: Streams;
  terminal: TerminalType;
}

/** Why the live view ended. */
export type Ending = 'quit' | NodeJS.Signals;

/** Milliseconds that a disk is waited for which a setting file is written to. */
const WRITING_MS = 1000;

/** Lines that one turn of the mouse wheel moves. */
const WHEEL_ROWS = 3;

/** The live view, until it is left. Resolves when the terminal has been given back; rejects, then too, with a fault. */
export function runLoop(options: LoopOptions): Promise<Ending> {
  return new Promise((resolve, reject) => {
    new LiveView(options, resolve, reject).start();
  });
}

/** One live view: what it shows, what it reads, and what it does with keys. */
class LiveView {
  readonly #options: LoopOptions;
  readonly #resolve: (ending: Ending) => void;
  readonly #reject: (error: Error) => void;
  readonly #terminal: Terminal;
  readonly #source: Source;
  readonly #frames: FrameScheduler;
  readonly #jobControl: JobControl;
  readonly #outside: EffectRunner;
  readonly #effects: Effects;
  #state: AppState;
  #reading = new AbortController();
  #ticking: NodeJS.Timeout | undefined;
  /** A terminal that is gone fails each write, and tells so: only the first time counts. */
  #isOver = false;

  constructor(options: LoopOptions, resolve: (ending: Ending) => void, reject: (error: Error) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#state = options.state;
    this.#terminal = this.#openTerminal();
    this.#source = this.#openSource();
    this.#frames = new FrameScheduler(
      this.#terminal,
      () => screen(sceneOf(this.#state), this.#terminal.size()),
      () => this.#source.receiving,
    );
    this.#jobControl = new JobControl({
      pause: () => this.#pause(),
      resume: (wasPaused) => this.#resume(wasPaused),
    });
    this.#outside = this.#openOutside();
    this.#effects = {
      quit: () => this.#end('quit'),
      suspend: this.#jobControl.suspend,
      redraw: this.#frames.redraw,
      ...this.#outside.effects,
    };
  }

  start(): void {
    for (const signal of ENDING_SIGNALS) process.on(signal, this.#end);
    process.on('uncaughtException', this.#crash);
    process.on('exit', this.#giveBack);
    // Ages that go on while no document comes, and messages that pass. With a document the frame is drawn anyway.
    this.#ticking = setInterval(() => this.#tick(), 1000);
    this.#follow();
    this.#frames.draw();
  }

  #openTerminal(): Terminal {
    const { streams, terminal, state } = this.#options;
    return openTerminal(streams, terminal, state.view.glyphs.ascii, {
      key: (key) => {
        const action = actionOfKey(sceneOf(this.#state), key);
        if (action) this.#act(action);
      },
      paste: (text) => {
        // As commands it would do anything.
        if (this.#state.view.prompt)
          this.#act({ kind: 'type', text: text.replace(/[\s\p{C}]+/gu, ' ').trim() });
      },
      click: (x, y) => {
        const { hotspots } = this.#frames;
        const spot = hotspots.find(({ line, start, end }) => line === y && x >= start && x < end);
        if (spot) this.#act(spot.action);
      },
      wheel: (direction) => this.#act({ kind: 'scroll', rows: direction * WHEEL_ROWS }),
      resized: () => this.#frames.redraw(),
      // Not by an ordinary end: Node.js 20 aborts when it finds no terminal to reset.
      closed: () => this.#end('SIGHUP'),
    });
  }

  #openSource(): Source {
    const { target, timeoutSeconds, hostOf } = this.#options;
    return openSource(target, {
      timeoutSeconds,
      interval: () => intervalOf(this.#state.view),
      hostOf: timely((snapshot, clock) => hostOf(snapshot, clock, workerLookedAt(sceneOf(this.#state)))),
    });
  }

  #openOutside(): EffectRunner {
    const view = this;
    return createEffects({
      copy: this.#terminal.copy,
      stacksOf: this.#options.stacksOf,
      keeper: this.#options.keeper,
      clock: this.#source.clock,
      get scene() {
        return sceneOf(view.#state);
      },
      change(change) {
        view.#state = { ...view.#state, ...change };
        view.#frames.draw();
      },
    });
  }

  /** Takes the events of the source until it is told to stop. */
  #follow(): void {
    const events = this.#source.events(this.#reading.signal);
    const follow = async () => {
      for await (const event of events) this.#take(event);
    };
    follow().catch(this.#crash);
  }

  #take(event: SourceEvent): void {
    const { levels, long } = this.#state.view;
    const observation = observe(focused(this.#state), event, { levels, long });
    this.#state = arrived({ ...this.#state, now: this.#source.clock.wall() }, observation);
    // Keys and signals first: with many workers the frame takes long, too.
    setImmediate(this.#frames.draw);
  }

  #act(action: Action): void {
    if (!isAllowed(this.#state.view, action)) return;
    const interval = intervalOf(this.#state.view);
    this.#state = act(this.#state, action, this.#terminal.size());
    if (intervalOf(this.#state.view) !== interval) this.#source.reschedule();
    this.#effects[action.kind]?.();
    this.#frames.draw();
  }

  #tick(): void {
    const passing = isPassing(sceneOf(this.#state));
    this.#state = { ...this.#state, now: this.#source.clock.wall() };
    if (focused(this.#state).connection.state === 'lost' || passing) this.#frames.draw();
  }

  /** Gives up what is under way: a server that writes a document, or a stack, would be held while this process is stopped. */
  #stop(): void {
    this.#frames.stop();
    this.#reading.abort();
    this.#outside.stop();
  }

  #pause(): Promise<void> {
    this.#stop();
    this.#terminal.close();
    return this.#terminal.caughtUp();
  }

  #resume(wasPaused: boolean): void {
    // The shell has had the terminal since.
    if (!wasPaused) this.#terminal.close();
    this.#terminal.open();
    // It may be gone.
    if (this.#isOver) return;
    // A change of size in between was told to the program that had the terminal then.
    process.kill(process.pid, 'SIGWINCH');
    if (wasPaused) {
      this.#reading = new AbortController();
      this.#follow();
    }
    this.#frames.start();
  }

  readonly #giveBack = (): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#ticking);
    this.#stop();
    this.#terminal.destroy();
  };

  readonly #end = (ending: Ending): void => {
    this.#leave(() => this.#resolve(ending));
  };

  readonly #crash = (error: Error): void => {
    this.#leave(() => this.#reject(error));
  };

  #leave(settle: () => void): void {
    if (this.#isOver) return;
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, this.#end);
    process.removeListener('uncaughtException', this.#crash);
    process.removeListener('exit', this.#giveBack);
    this.#jobControl.end();
    this.#giveBack();
    const isWritten = Promise.race([this.#outside.written(), sleep(WRITING_MS)]);
    void Promise.all([this.#terminal.caughtUp(), isWritten]).then(settle);
  }
}
