import type { Frame, Hotspot } from '../views/frame.ts';
import type { Terminal } from './blessed/terminal.ts';

/** Milliseconds until a frame is tried again that had to wait for the end of a document. */
const RETRY_MS = 5;

/** Milliseconds until a frame is tried again that had to wait for a terminal that has not taken the one before. */
const BEHIND_MS = 50;

/** Least milliseconds between two frames: a held key, a paste or a window that is dragged asks for many more. */
const FRAME_MS = 15;

/** Draws frames when nothing speaks against it. */
export class FrameScheduler {
  /** What can be clicked in the last frame. */
  hotspots: readonly Hotspot[] = [];
  readonly #terminal: Terminal;
  readonly #frame: () => Frame;
  readonly #isReceiving: () => boolean;
  #waiting: NodeJS.Timeout | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isWhole = false;
  #isStopped = false;

  /**
   * @param frame what is shown now
   * @param isReceiving whether a document is due or arriving: the server is held while it is not read
   */
  constructor(terminal: Terminal, frame: () => Frame, isReceiving: () => boolean) {
    this.#terminal = terminal;
    this.#frame = frame;
    this.#isReceiving = isReceiving;
  }

  /** Draws now, or as soon as nothing speaks against it. */
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

  /** Draws the whole screen, as after a change of its size. */
  readonly redraw = (): void => {
    this.#isWhole = true;
    this.draw();
  };

  /** Draws nothing until `start`. */
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
    // Frames would pile up, each older than the next.
    if (this.#terminal.behind) return BEHIND_MS;
    return this.#drawnAt + FRAME_MS - performance.now();
  }
}
