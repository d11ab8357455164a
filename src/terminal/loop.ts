import { setTimeout as sleep } from 'node:timers/promises';
import { act } from '../app/act.ts';
import { arrived, changed, ticked } from '../app/arrived.ts';
import { type AppState, sceneOf, serverOf } from '../app/state.ts';
import { timely } from '../host/timely.ts';
import type { Fleet } from '../monitor/fleet.ts';
import { observe } from '../monitor/observe.ts';
import { openSource } from '../sources/open.ts';
import { type Source, type SourceEvent, SYSTEM_CLOCK } from '../sources/source.ts';
import type { Target } from '../targets/target.ts';
import type { Action } from '../views/actions.ts';
import { workerLookedAt } from '../views/detail.ts';
import { actionOfKey } from '../views/keys.ts';
import { isAllowed } from '../views/overlays.ts';
import { intervalOf } from '../views/scene.ts';
import { screen } from '../views/screen.ts';
import { passingMessage } from '../views/title.ts';
import { openTerminal, type Streams, type Terminal } from './blessed/terminal.ts';
import type { TerminalType } from './blessed/terminfo.ts';
import { createEffects, type EffectContext, type EffectRunner, type Effects } from './effects.ts';
import { FrameScheduler } from './frame-scheduler.ts';
import { JobControl } from './job-control.ts';
import { Readers, type WatchedServer } from './readers.ts';
import { ENDING_SIGNALS } from './signals.ts';

export interface LoopOptions extends Pick<EffectContext, 'keeper'> {
  servers: readonly WatchedServer[];
  /**
   * Yields all servers of the view whenever some have started or ended. The iteration ends when the signal aborts.
   * Without this function, the servers do not change.
   *
   * @param fleet returns what is known about the servers now
   */
  changes?(signal: AbortSignal, fleet: () => Fleet): AsyncIterable<readonly WatchedServer[]>;
  timeoutSeconds: number;
  /** The initial state. */
  state: AppState;
  streams: Streams;
  terminal: TerminalType;
}

/** The reason for the end of the live view. */
export type Ending = 'quit' | NodeJS.Signals;

/** Milliseconds to wait at the end for a setting file to be written. */
const WRITING_MS = 1000;

/** Lines that one step of the mouse wheel scrolls. */
const WHEEL_ROWS = 3;

/**
 * Runs the live view until the user leaves it or a signal ends it. Resolves after the terminal has been restored;
 * rejects after that too, if an error occurs.
 */
export function runLoop(options: LoopOptions): Promise<Ending> {
  return new Promise((resolve, reject) => {
    new LiveView(options, resolve, reject).start();
  });
}

/** One live view: its state, its sources, and its reaction to keys. */
class LiveView {
  readonly #options: LoopOptions;
  readonly #resolve: (ending: Ending) => void;
  readonly #reject: (error: Error) => void;
  readonly #terminal: Terminal;
  readonly #readers: Readers;
  readonly #frames: FrameScheduler;
  readonly #jobControl: JobControl;
  readonly #outside: EffectRunner;
  readonly #effects: Effects;
  #state: AppState;
  #changing = new AbortController();
  /** The CPU time of this process at the last tick, and the time of that tick in milliseconds. */
  #used = { at: performance.now(), cpu: process.cpuUsage() };
  #ticking: NodeJS.Timeout | undefined;
  /** Every write to a closed terminal fails and reports the closure. Only the first report counts. */
  #isOver = false;

  constructor(options: LoopOptions, resolve: (ending: Ending) => void, reject: (error: Error) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#state = options.state;
    this.#terminal = this.#openTerminal();
    this.#readers = new Readers({
      open: (target, watched) => this.#openSource(target, watched),
      take: (target, event) => this.#take(target, event),
      fail: (error) => this.#crash(error),
    });
    this.#readers.read(options.servers);
    this.#frames = new FrameScheduler(
      this.#terminal,
      () => screen(sceneOf(this.#state), this.#terminal.size()),
      () => this.#readers.receiving,
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
    // Updates ages while no document arrives, and removes expired messages. Each document redraws the frame anyway.
    this.#ticking = setInterval(() => this.#tick(), 1000);
    this.#readers.start();
    this.#followChanges();
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
        // Pasted text is accepted only in a prompt. As keys, it could trigger any action.
        if (this.#state.view.prompt)
          this.#act({ kind: 'type', text: text.replace(/[\s\p{C}]+/gu, ' ').trim() });
      },
      click: (x, y) => {
        const action = this.#actionAt(x, y);
        if (action) this.#act(action);
      },
      wheel: (direction, x, y) => {
        const rows = direction * WHEEL_ROWS;
        const under = this.#actionAt(x, y);
        const isBelow = under?.kind === 'select' && under.below === true;
        this.#act(isBelow ? { kind: 'scroll', rows, below: true } : { kind: 'scroll', rows });
      },
      resized: () => this.#frames.redraw(),
      // End by a signal and not by a normal exit: Node.js 20 aborts at exit if it has no terminal to reset.
      closed: () => this.#end('SIGHUP'),
    });
  }

  /** The action of a click on a cell; `null` if it has none. */
  #actionAt(x: number, y: number): Action | null {
    const spot = this.#frames.hotspots.find(({ line, start, end }) => line === y && x >= start && x < end);
    return spot?.action ?? null;
  }

  #openSource(target: Target, { server, hostOf }: WatchedServer): Source {
    const lookedAt = () =>
      this.#state.focus === server.target ? workerLookedAt(sceneOf(this.#state)) : null;
    return openSource(target, {
      timeoutSeconds: this.#options.timeoutSeconds,
      interval: () => intervalOf(this.#state.view) * this.#state.pace,
      hostOf: timely((snapshot, clock) => hostOf(snapshot, clock, lookedAt())),
    });
  }

  #openOutside(): EffectRunner {
    const view = this;
    return createEffects({
      copy: this.#terminal.copy,
      stacksOf: async (place, sample, signal) => {
        return (await this.#readers.find(sample.target)?.stacksOf(place, sample, signal)) ?? [];
      },
      keeper: this.#options.keeper,
      clock: SYSTEM_CLOCK,
      get scene() {
        return sceneOf(view.#state);
      },
      get size() {
        return view.#terminal.size();
      },
      change(change) {
        view.#state = { ...view.#state, ...change };
        view.#frames.draw();
      },
    });
  }

  /** Processes the changes of the servers until reading is aborted. */
  #followChanges(): void {
    const { changes } = this.#options;
    const follow = async () => {
      for await (const servers of changes?.(this.#changing.signal, () => this.#state.fleet) ?? []) {
        this.#readers.read(servers);
        this.#state = changed(
          this.#state,
          servers.map(({ server }) => server),
        );
        this.#frames.draw();
      }
    };
    follow().catch(this.#crash);
  }

  #take(target: string, event: SourceEvent): void {
    const { levels, long } = this.#state.view;
    const observation = observe(serverOf(this.#state, target), event, { levels, long });
    this.#state = arrived({ ...this.#state, now: SYSTEM_CLOCK.wall() }, observation);
    const { focus } = this.#state;
    if (focus === null) this.#frames.drawLater();
    // Handle keys and signals before drawing: with many workers, a frame also takes long.
    else if (focus === target) setImmediate(this.#frames.draw);
  }

  #act(action: Action): void {
    if (!isAllowed(this.#state.view, action)) return;
    const interval = intervalOf(this.#state.view);
    this.#state = act(this.#state, action, this.#terminal.size());
    if (intervalOf(this.#state.view) !== interval) this.#readers.reschedule();
    this.#effects[action.kind]?.();
    this.#frames.draw();
  }

  #tick(): void {
    const passing = passingMessage(sceneOf(this.#state)) !== null;
    this.#state = ticked(this.#state, SYSTEM_CLOCK.wall(), this.#load());
    const { focus } = this.#state;
    if (focus === null || serverOf(this.#state, focus).connection.state === 'lost' || passing)
      this.#frames.draw();
  }

  /** Share of a processor that this process has used since the last call. */
  #load(): number {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#used.cpu);
    const share = (user + system) / 1000 / (now - this.#used.at);
    this.#used = { at: now, cpu: process.cpuUsage() };
    return share;
  }

  /**
   * Aborts reads in progress. Otherwise a server that writes a document or a stack would be blocked while this process
   * is stopped.
   */
  #stop(): void {
    this.#frames.stop();
    this.#readers.stop();
    this.#changing.abort();
    this.#outside.stop();
  }

  #pause(): Promise<void> {
    this.#stop();
    this.#terminal.close();
    return this.#terminal.caughtUp();
  }

  #resume(wasPaused: boolean): void {
    // The shell may have changed the terminal since.
    if (!wasPaused) this.#terminal.close();
    this.#terminal.open();
    // The terminal may be closed.
    if (this.#isOver) return;
    // Update the size: the SIGWINCH of a change in between went to the program that had the terminal then.
    process.kill(process.pid, 'SIGWINCH');
    if (wasPaused) {
      this.#changing = new AbortController();
      this.#readers.start();
      this.#followChanges();
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
