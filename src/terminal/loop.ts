import { setTimeout as sleep } from 'node:timers/promises';
import { act } from '../app/act.ts';
import { arrived, changed, ticked } from '../app/arrived.ts';
import { hasOtherIntervals, secondsBetween, withInView } from '../app/in-view.ts';
import { type AppState, sceneOf, serverOf } from '../app/state.ts';
import { timely } from '../host/timely.ts';
import type { Fleet } from '../monitor/fleet.ts';
import type { Observation } from '../monitor/observation.ts';
import { observe } from '../monitor/observe.ts';
import { openSource } from '../sources/open.ts';
import { type Source, type SourceEvent, SYSTEM_CLOCK } from '../sources/source.ts';
import type { Action } from '../views/actions.ts';
import { workerLookedAt } from '../views/detail.ts';
import { isAllowed } from '../views/overlays.ts';
import { screen } from '../views/screen.ts';
import { passingMessage } from '../views/title.ts';
import { openTerminal, type Streams, type Terminal } from './blessed/terminal.ts';
import type { TerminalType } from './blessed/terminfo.ts';
import { CpuShare } from './cpu-share.ts';
import { createEffects, type EffectContext, type EffectRunner, type Effects } from './effects.ts';
import { FrameScheduler } from './frame-scheduler.ts';
import { handlersOf } from './handlers.ts';
import { JobControl } from './job-control.ts';
import { LateHost } from './late-host.ts';
import { keepNewSpaceSmall } from './new-space.ts';
import { PastControl } from './past-control.ts';
import { Readers, type WatchedServer } from './readers.ts';
import type { Replayed } from './replayer.ts';
import { ENDING_SIGNALS } from './signals.ts';

export interface LoopOptions extends Pick<EffectContext, 'keeper' | 'recorder'> {
  servers: readonly WatchedServer[];
  /**
   * Yields all servers of the view whenever some have started or ended. The iteration ends when the signal aborts.
   * Without this function, the servers do not change.
   *
   * @param fleet returns what is known about the servers now
   */
  changes?(signal: AbortSignal, fleet: () => Fleet): AsyncIterable<readonly WatchedServer[]>;
  timeoutSeconds: number;
  /** A recording to show instead of servers, and the Unix time to begin with. */
  recording?: Replayed & { at: number };
  /** The initial state. */
  state: AppState;
  streams: Streams;
  terminal: TerminalType;
}

/** The reason for the end of the live view. */
export type Ending = 'quit' | NodeJS.Signals;

/** Milliseconds to wait at the end for a setting file to be written. */
const WRITING_MS = 1000;

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
  readonly #past: PastControl;
  readonly #jobControl: JobControl;
  readonly #outside: EffectRunner;
  readonly #effects: Effects;
  #state: AppState;
  #changing = new AbortController();
  readonly #cpuShare = new CpuShare();
  /** Set for a single server. Several ones are drawn later anyway. */
  #lateHost: LateHost | null = null;
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
      open: (watched) => this.#openSource(watched),
      take: (target, event) => this.#take(target, event),
      fail: (error) => this.#crash(error),
    });
    this.#readers.read(options.servers);
    options.recorder.setServers(options.servers.map(({ server }) => server));
    this.#frames = new FrameScheduler(
      this.#terminal,
      () => screen(sceneOf(this.#state), this.#terminal.size()),
      () => this.#readers.receiving,
    );
    this.#jobControl = new JobControl({
      pause: () => this.#pause(),
      resume: (wasPaused) => this.#resume(wasPaused),
    });
    this.#past = new PastControl({
      ...(options.recording ? { recording: options.recording } : {}),
      state: () => this.#state,
      become: (state) => {
        this.#state = state;
        this.#frames.draw();
      },
    });
    this.#past.servers = options.servers.map(({ server }) => server);
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
    // A single server needs little memory, and its first frame should not wait for a module of Node.js.
    if (this.#options.servers.length !== 1) keepNewSpaceSmall();
    this.#readers.start();
    this.#followChanges();
    if (this.#options.recording) void this.#past.open();
    this.#frames.draw();
  }

  #openTerminal(): Terminal {
    const { streams, terminal, state } = this.#options;
    const handlers = handlersOf({
      scene: () => sceneOf(this.#state),
      hotspots: () => this.#frames.hotspots,
      act: (action) => this.#act(action),
      redraw: () => this.#frames.redraw(),
      // End by a signal and not by a normal exit: Node.js 20 aborts at exit if it has no terminal to reset.
      closed: () => this.#end('SIGHUP'),
    });
    return openTerminal(streams, terminal, state.view.glyphs.ascii, handlers);
  }

  #openSource({ server, target, again, hostOf }: WatchedServer): Source {
    const lookedAt = () =>
      this.#state.focus === server.target ? workerLookedAt(sceneOf(this.#state)) : null;
    const asked = timely((snapshot, clock) => hostOf(snapshot, clock, lookedAt()));
    this.#lateHost = this.#options.servers.length === 1 ? new LateHost(asked) : null;
    return openSource(target, {
      timeoutSeconds: this.#options.timeoutSeconds,
      interval: () => secondsBetween(this.#state, server.target),
      hostOf: this.#lateHost?.hostOf ?? asked,
      again,
      keepsJson: () => this.#state.recording !== null,
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
      recorder: this.#options.recorder,
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
        const all = servers.map(({ server }) => server);
        this.#state = changed(this.#state, all);
        this.#options.recorder.setServers(all);
        this.#past.servers = all;
        this.#frames.draw();
      }
    };
    follow().catch(this.#crash);
  }

  #take(target: string, event: SourceEvent): void {
    const before = serverOf(this.#state, target);
    // A first document that is observed again is left out.
    if (before.sample !== null || this.#lateHost === null) this.#past.remember(target, event);
    const first = this.#show(target, before, event);
    // After `observe`: the recorder masks the JSON of the event.
    if (this.#state.recording !== null) this.#options.recorder.record(target, event);
    if (before.sample !== null) return;
    // Ask the kernel when the frame has been drawn, and repeat the first observation with its answer.
    setImmediate(async () => {
      const completed = await this.#lateHost?.completed(event);
      if (completed && serverOf(this.#state, target) === first) this.#show(target, before, completed);
    });
  }

  /** Shows the state of a server after an event. */
  #show(target: string, before: Observation, event: SourceEvent): Observation {
    const { levels, long, paths } = this.#state.view;
    const observation = observe(before, event, { levels, long, paths });
    this.#state = arrived({ ...this.#state, now: SYSTEM_CLOCK.wall() }, observation);
    const { focus } = this.#state;
    if (focus === null) this.#frames.drawLater();
    // Handle keys and signals before drawing: with many workers, a frame also takes long.
    else if (focus === target) setImmediate(this.#frames.draw);
    return observation;
  }

  #act(action: Action): void {
    if (!isAllowed(this.#state.view, action) || this.#past.takes(action)) return;
    this.#advance(act(this.#state, action, this.#terminal.size()));
    this.#effects[action.kind]?.();
    this.#frames.draw();
  }

  #advance(next: AppState): void {
    const before = this.#state;
    this.#state = withInView(next, this.#terminal.size());
    if (hasOtherIntervals(before, this.#state)) this.#readers.reschedule();
  }

  #tick(): void {
    const passing = passingMessage(sceneOf(this.#state)) !== null;
    this.#advance(ticked(this.#state, SYSTEM_CLOCK.wall(), this.#cpuShare.next()));
    const { focus } = this.#state;
    if (focus === null || serverOf(this.#state, focus).connection.state === 'lost' || passing)
      this.#frames.draw();
  }

  /**
   * Aborts reads in progress. Otherwise a server that writes a document or a stack would be blocked while this process
   * is stopped.
   */
  #stop(): void {
    this.#frames.stop();
    this.#past.stop();
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
    this.#options.recorder.stop();
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
