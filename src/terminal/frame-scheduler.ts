import { SYSTEM_CLOCK } from '../sources/source.ts';
import type { Frame, Hotspot } from '../views/frame.ts';
import type { Terminal } from './blessed/terminal.ts';

/** Milliseconds until the next attempt to draw while a document is due or arriving. */
const RETRY_MS = 5;

/** Milliseconds until the next attempt to draw while the terminal has not yet accepted the previous frame. */
const BEHIND_MS = 50;

/** Minimum milliseconds between two frames: a held key, a paste or a dragged window edge requests many more. */
const FRAME_MS = 15;

/** Maximum milliseconds that documents delay a frame. Those of many servers can arrive without a gap. */
const MOST_DELAY_MS = 1000;

/** Milliseconds until a frame that shows many servers follows a document of one of them. */
const LATER_MS = 200;

/** Monotonic milliseconds. `performance.now()` would load other modules of Node.js before the first frame. */
function now(): number {
  return SYSTEM_CLOCK.monotonic() * 1000;
}

/** Draws frames, and delays them while a document arrives or the terminal is behind. */
export class FrameScheduler {
  /** The clickable areas of the last frame. */
  hotspots: readonly Hotspot[] = [];
  readonly #terminal: Terminal;
  readonly #frame: () => Frame;
  readonly #isReceiving: () => boolean;
  #waiting: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout | undefined;
  /** When the frame that is delayed now was asked for; `null` if none is. */
  #wantedAt: number | null = null;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isWhole = false;
  #isStopped = false;

  /**
   * @param frame returns the current frame
   * @param isReceiving whether a document is due or arriving: the server is blocked until statstop has read it
   */
  constructor(terminal: Terminal, frame: () => Frame, isReceiving: () => boolean) {
    this.#terminal = terminal;
    this.#frame = frame;
    this.#isReceiving = isReceiving;
  }

  /** Draws now, or after the necessary delay. */
  readonly draw = (): void => {
    clearTimeout(this.#waiting);
    if (this.#isStopped) return;
    this.#wantedAt ??= now();
    const pause = this.#pause(now() - this.#wantedAt);
    if (pause > 0) {
      this.#waiting = setTimeout(this.draw, pause);
      return;
    }
    this.#drawnAt = now();
    this.#wantedAt = null;
    clearTimeout(this.#later);
    this.#later = undefined;
    if (this.#isWhole) this.#terminal.reset();
    this.#isWhole = false;
    const frame = this.#frame();
    this.hotspots = frame.hotspots;
    this.#terminal.draw(frame);
  };

  /** Draws after a short time, once for all documents that arrive until then. */
  readonly drawLater = (): void => {
    this.#later ??= setTimeout(this.draw, LATER_MS);
  };

  /** Draws the whole screen, for example after a change of its size. */
  readonly redraw = (): void => {
    this.#isWhole = true;
    this.draw();
  };

  /** Stops drawing until `start` is called. */
  stop(): void {
    clearTimeout(this.#waiting);
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#wantedAt = null;
    this.#isStopped = true;
  }

  start(): void {
    this.#isStopped = false;
    this.redraw();
  }

  /**
   * Milliseconds until the next frame may be drawn.
   *
   * @param delayed milliseconds since the frame was asked for
   */
  #pause(delayed: number): number {
    if (delayed < MOST_DELAY_MS && this.#isReceiving()) return RETRY_MS;
    // Otherwise outdated frames would queue up.
    if (this.#terminal.behind) return BEHIND_MS;
    return this.#drawnAt + FRAME_MS - now();
  }
}
