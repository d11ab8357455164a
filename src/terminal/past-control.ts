import type { AppState, Server } from '../app/state.ts';
import type { RecordedServer } from '../recordings/header.ts';
import type { RecentPast } from '../recordings/memory.ts';
import { type SourceEvent, SYSTEM_CLOCK } from '../sources/source.ts';
import type { Action } from '../views/actions.ts';
import type { Mark } from '../views/replay.ts';
import type { Replayed, Replayer } from './replayer.ts';

interface PastControlOptions {
  /** A recording to show instead of servers, and the Unix time to begin with. */
  recording?: Replayed & { at: number };
  state(): AppState;
  /** Replaces the state, and draws it. */
  become(state: AppState): void;
}

/** Maximum size in bytes of the recent past, to which the user can step back. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Keeps the recent past of a live view, and shows it or a recording. The code for that is loaded when the first frame
 * has been drawn, which does not need it.
 */
export class PastControl {
  readonly #options: PastControlOptions;
  #recent: RecentPast | null = null;
  #replayer: Replayer | null = null;
  #servers: readonly RecordedServer[] = [];

  constructor(options: PastControlOptions) {
    this.#options = options;
  }

  /** The servers of the live view from now on. */
  set servers(servers: readonly Server[]) {
    this.#servers = servers.map((server, id) => ({ ...server, id }));
  }

  /** Keeps an event of the live view, before it is observed. */
  remember(target: string, event: SourceEvent): void {
    if (this.#recent === null) {
      setImmediate(() => this.open());
      return;
    }
    const { view, fleet } = this.#options.state();
    const options = { levels: view.levels, long: view.long, paths: view.paths };
    this.#recent.add({ servers: this.#servers, observations: fleet.servers, options }, target, event);
  }

  /** Handles an action in the past: see `Replayer`. */
  takes(action: Action): boolean {
    return this.#replayer?.takes(action) ?? false;
  }

  /** Pauses. */
  stop(): void {
    this.#replayer?.stop();
  }

  /** Loads the code and, if there is one, shows the recording. */
  async open(): Promise<void> {
    const [{ RecentPast }, { Replayer }] = await Promise.all([
      import('../recordings/memory.ts'),
      import('./replayer.ts'),
    ]);
    if (this.#recent !== null) return;
    const recent = new RecentPast(MOST_BYTES);
    this.#recent = recent;
    const { recording, state, become } = this.#options;
    const marks = () => this.#eventsSince(recent.start);
    this.#replayer = new Replayer({
      ...(recording ?? { timeline: recent, name: null, marks }),
      clock: SYSTEM_CLOCK,
      state,
      become,
    });
    if (recording) this.#replayer.jump(recording.at);
  }

  /** The events since a time in Unix seconds. */
  #eventsSince(start: number): readonly Mark[] {
    const { servers } = this.#options.state().fleet;
    const events = [...servers.values()].flatMap((server) => server.events);
    return events.filter(({ time }) => time >= start).sort((one, other) => one.time - other.time);
  }
}
