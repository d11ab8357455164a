import { setTimeout as sleep } from 'node:timers/promises';
import { TargetError } from '../client/errors.ts';
import { poll } from '../client/poll.ts';
import type { Answer } from '../client/read.ts';
import type { HostReading } from '../host/reading.ts';
import { NOTHING_WATCHED, type Watched, watch } from '../insights/watch.ts';
import { markLost } from '../rates/history.ts';
import { withKernel } from '../rates/kernel.ts';
import type { Reading } from '../rates/sample.ts';
import { writingTimeOf } from '../rates/written.ts';
import type { Snapshot } from '../stats/snapshot.ts';
import type { Steps } from '../stats/steps.ts';
import type { Target } from '../targets/target.ts';
import type { Action } from '../views/actions.ts';
import { workerLookedAt } from '../views/detail.ts';
import type { Hotspot } from '../views/frame.ts';
import { isPassing } from '../views/header.ts';
import { actionOfKey } from '../views/keys.ts';
import { type Connection, intervalOf, type Live } from '../views/live.ts';
import { screen } from '../views/screen.ts';
import { update } from '../views/update.ts';
import { arrived } from '../views/updates/arriving.ts';
import { type Effects, outsideOf, type Stage } from './effects.ts';
import { inTime, type KernelOf } from './kernel.ts';
import { ENDING_SIGNALS } from './signals.ts';
import { openTerminal, type Streams } from './terminal.ts';
import type { TerminalType } from './terminfo.ts';
import { inTurns } from './turns.ts';

export interface LoopOptions extends Pick<Stage, 'stacksOf' | 'keeper'> {
  target: Target;
  timeoutSeconds: number;
  /** What an answer says, in steps. @throws TargetError when it is no stats document */
  snapshotOf(answer: Answer): Steps<Snapshot>;
  kernelOf: KernelOf;
  /** What is shown to begin with. */
  live: Live;
  streams: Streams;
  terminal: TerminalType;
}

/** Why the live view ended. */
export type Ending = 'quit' | NodeJS.Signals;

/** Milliseconds until a frame is tried again that had to wait for the end of a document. */
const RETRY_MS = 5;

/** Milliseconds until a frame is tried again that had to wait for a terminal that has not taken the one before. */
const BEHIND_MS = 50;

/** Least milliseconds between two frames: a held key, a paste or a window that is dragged asks for many more. */
const FRAME_MS = 15;

/** Milliseconds after which a signal has stopped what it stops. */
const STOPPING_MS = 100;

/** Milliseconds that a disk is waited for which a setting file is written to. */
const WRITING_MS = 1000;

/** Lines that one turn of the mouse wheel moves. */
const WHEEL_ROWS = 3;

/** The live view, until it is left. Resolves when the terminal has been given back; rejects, then too, with what nobody caught. */
export function runLoop(options: LoopOptions): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let live = options.live;
    /** Goes on while the screen is frozen. */
    let watched: Watched = { ...NOTHING_WATCHED, history: live.history };
    const kernelOf = inTime(options.kernelOf);
    let failures = 0;
    let hotspots: Hotspot[] = [];
    let waiting: NodeJS.Timeout | undefined;
    let drawnAt = Number.NEGATIVE_INFINITY;
    let resized = false;
    let suspensions = 0;
    /** Not suspended. */
    let open = true;
    /** What is written to a terminal that is gone fails, and tells so: only the first time counts. */
    let over = false;

    const terminal = openTerminal(options.streams, options.terminal, live.view.glyphs.ascii, {
      key(key) {
        const action = actionOfKey(live, key);
        if (action) act(action);
      },
      paste(text) {
        // As commands it would do anything.
        if (live.view.prompt) act({ kind: 'type', text: text.replace(/[\s\p{C}]+/gu, ' ').trim() });
      },
      click(x, y) {
        const spot = hotspots.find(({ line, start, end }) => line === y && x >= start && x < end);
        if (spot) act(spot.action);
      },
      wheel: (direction) => act({ kind: 'scroll', rows: direction * WHEEL_ROWS }),
      resized() {
        resized = true;
        draw();
      },
      // Not by an ordinary end: Node.js 20 aborts when it finds no terminal to reset.
      closed: () => end('SIGHUP'),
    });

    const poller = startPolling();
    // Ages that go on while no document comes, and messages that pass. With a document the frame is drawn anyway.
    const ticking = setInterval(() => {
      const now = Date.now() / 1000;
      const passing = isPassing(live);
      live = { ...live, now };
      if (live.connection.state === 'lost' || passing) draw();
    }, 1000);
    for (const signal of ENDING_SIGNALS) process.on(signal, end);
    process.on('SIGCONT', resume);
    process.on('SIGTSTP', suspend);
    process.on('uncaughtException', crash);
    process.on('exit', giveBack);
    draw();

    function startPolling() {
      return poll(options.target, {
        timeoutSeconds: options.timeoutSeconds,
        interval: () => intervalOf(live.view),
        onAnswer,
        onFailure(error, retryIn) {
          failures += 1;
          const now = Date.now() / 1000;
          const { cause: why, advice } =
            error instanceof TargetError ? error : { cause: error.message, advice: '' };
          const since = watched.reading?.time ?? null;
          watched = { ...watched, history: markLost(watched.history) };
          live = {
            ...live,
            now,
            connection: { state: 'lost', since, why, advice, retryAt: now + retryIn },
            history: live.view.frozenAt === null ? watched.history : live.history,
          };
          draw();
        },
      });
    }

    async function onAnswer(answer: Answer) {
      const snapshot = await inTurns(options.snapshotOf(answer));
      if (over) return;
      if (snapshot.kind !== 'app') return take(answer, snapshot, null);
      const since = failures;
      void kernelOf(snapshot, answer.clock, workerLookedAt(live)).then((host) => {
        // What was read before a read that failed is no news.
        if (failures === since && !over) take(answer, snapshot, host);
      });
    }

    function take(answer: Answer, snapshot: Snapshot, host: HostReading | null) {
      const { time, clock, clockError, live: isLive } = answer;
      const current: Reading = {
        snapshot: snapshot.kind === 'app' ? withKernel(snapshot, host) : snapshot,
        ...(isLive ? { time } : writingTimeOf(snapshot, answer)),
        clock,
        clockError,
        host,
      };
      const { levels, long } = live.view;
      const next = watch(watched, options.target.text, current, { levels, long });
      watched = next;
      const history = live.view.frozenAt === null ? next.history : live.history;
      const connection: Connection = { state: isLive ? 'live' : 'saved' };
      live = arrived({ ...live, now: Date.now() / 1000, connection, history }, next.sample);
      // Keys and signals first: with many workers the frame takes long, too.
      setImmediate(draw);
    }

    const outside = outsideOf({
      copy: terminal.copy,
      stacksOf: options.stacksOf,
      keeper: options.keeper,
      get live() {
        return live;
      },
      change(change) {
        live = { ...live, ...change };
        draw();
      },
    });
    const effects: Effects = {
      quit: () => end('quit'),
      suspend,
      redraw() {
        resized = true;
        draw();
      },
      ...outside.effects,
    };

    function act(action: Action) {
      const interval = intervalOf(live.view);
      live = update(live, action, terminal.size());
      if (intervalOf(live.view) !== interval) poller.reschedule();
      effects[action.kind]?.();
      if (!over) draw();
    }

    /** Draws now, or as soon as nothing speaks against it. */
    function draw() {
      clearTimeout(waiting);
      waiting = undefined;
      if (!open) return;
      const pause = pauseBeforeFrame();
      if (pause > 0) {
        waiting = setTimeout(draw, pause);
        return;
      }
      drawnAt = performance.now();
      if (resized) terminal.reset();
      resized = false;
      const frame = screen(live, terminal.size());
      hotspots = frame.hotspots;
      terminal.draw(frame);
    }

    /** Milliseconds. */
    function pauseBeforeFrame(): number {
      // The server is held while it is not read.
      if (poller.receiving) return RETRY_MS;
      // Frames would pile up, each older than the next.
      if (terminal.behind) return BEHIND_MS;
      return drawnAt + FRAME_MS - performance.now();
    }

    function suspend() {
      if (!open) return;
      open = false;
      // Whoever writes a document, or a stack, would be held for as long as this process is stopped.
      poller.stop();
      outside.stop();
      terminal.close();
      const turn = ++suspensions;
      void terminal.caughtUp().then(() => {
        // Unless it was told to go on while it waited.
        if (!open && turn === suspensions) stopGroup();
      });
    }

    /**
     * As the terminal does on ^Z when nobody listens: whoever started this program stops with it. Where nobody could
     * make it go on again (it leads its session), the kernel does not stop it, and the view comes back at once.
     */
    function stopGroup() {
      process.removeListener('SIGTSTP', suspend);
      process.kill(0, 'SIGTSTP');
      setTimeout(() => {
        if (over) return;
        process.on('SIGTSTP', suspend);
        if (!open) resume();
      }, STOPPING_MS);
    }

    function resume() {
      // Stopped by somebody else: the shell has had the terminal meanwhile.
      if (open) terminal.close();
      terminal.open();
      // It may be gone.
      if (over) return;
      // A size that changed meanwhile was told to whoever had the terminal then.
      process.kill(process.pid, 'SIGWINCH');
      resized = true;
      if (!open) poller.resume();
      open = true;
      draw();
    }

    function giveBack() {
      if (over) return;
      over = true;
      open = false;
      clearTimeout(waiting);
      clearInterval(ticking);
      poller.stop();
      outside.stop();
      terminal.destroy();
    }

    function end(ending: Ending) {
      leave(() => resolve(ending));
    }

    function crash(error: Error) {
      leave(() => reject(error));
    }

    function leave(settle: () => void) {
      if (over) return;
      for (const signal of ENDING_SIGNALS) process.removeListener(signal, end);
      process.removeListener('SIGCONT', resume);
      process.removeListener('SIGTSTP', suspend);
      process.removeListener('uncaughtException', crash);
      process.removeListener('exit', giveBack);
      giveBack();
      // What was to be kept for the next time is.
      void Promise.all([terminal.caughtUp(), Promise.race([outside.written(), sleep(WRITING_MS)])]).then(
        settle,
      );
    }
  });
}
