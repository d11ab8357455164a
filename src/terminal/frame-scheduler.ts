import type { Frame, Hotspot } from '../views/frame.ts';
import type { Terminal } from './blessed/terminal.ts';

/** Milliseconds until the next attempt to draw while a document is due or arriving. */
const RETRY_MS = 5;

/** Milliseconds until the next attempt to draw while the terminal has not yet accepted the previous frame. */
const BEHIND_MS = 50;

/** Minimum milliseconds between two frames: a held key, a paste or a dragged window edge requests many more. */
const FRAME_MS = 15;

/** Draws frames, and delays them while a document arrives or the terminal is behind. */
export class FrameScheduler {
  /** The clickable areas of the last frame. */
  hotspots: readonly Hotspot[] = [];
  readonly #terminal: Terminal;
  readonly #frame: () => Frame;
  readonly #isReceiving: () => boolean;
  #waiting: NodeJS.Timeout | undefined;
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
    const pause = this.#pause();
    if (pause > 0) {
      this.#waiting = setTimeout(this.draw, pause);
      return;
    }
    this.#drawnAt = performance.now();
    if (this.#isWhole) this.#terminal.reset();
    this.#isWhole = false;
    const frame = this.#frame();
    this.hotspots = frame.hotspots;
    this.#terminal.draw(frame);
  };

  /** Draws the whole screen, for example after a change of its size. */
  readonly redraw = (): void => {
    this.#isWhole = true;
    this.draw();
  };

  /** Stops drawing until `start` is called. */
  stop(): void {
    clearTimeout(this.#waiting);
    this.#isStopped = true;
  }

  start(): void {
    this.#isStopped = false;
    this.redraw();
  }

  /** Milliseconds until the next frame may be drawn. */
  #pause(): number {
    if (this.#isReceiving()) return RETRY_MS;
    // Otherwise outdated frames would queue up.
    if (this.#terminal.behind) return BEHIND_MS;
    return this.#drawnAt + FRAME_MS - performance.now();
  }
}
