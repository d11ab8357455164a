import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Terminal } from '../../src/terminal/blessed/terminal.ts';
import { FrameScheduler } from '../../src/terminal/frame-scheduler.ts';
import type { Frame } from '../../src/views/frame.ts';

const FRAME: Frame = { lines: [], hotspots: [], charts: [] };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A scheduler of a terminal that counts its frames; the test says whether a document arrives. */
function scheduled() {
  const draw = vi.fn();
  const state = { draw, isReceiving: false, behind: false };
  const terminal = {
    draw,
    reset: () => {},
    get behind() {
      return state.behind;
    },
  } as unknown as Terminal;
  const frames = new FrameScheduler(
    terminal,
    () => FRAME,
    () => state.isReceiving,
  );
  return Object.assign(state, { frames });
}

describe('a frame', () => {
  it('is drawn at once if nothing prevents it', () => {
    const { frames, draw } = scheduled();
    frames.draw();
    expect(draw).toHaveBeenCalledTimes(1);
  });

  it('waits while a document arrives, and is drawn once afterwards', () => {
    const state = scheduled();
    state.isReceiving = true;
    state.frames.draw();
    state.frames.draw();
    vi.advanceTimersByTime(900);
    expect(state.draw).not.toHaveBeenCalled();
    state.isReceiving = false;
    vi.advanceTimersByTime(100);
    expect(state.draw).toHaveBeenCalledTimes(1);
  });

  it('waits at most a second for documents that arrive without a gap', () => {
    const state = scheduled();
    state.isReceiving = true;
    state.frames.draw();
    vi.advanceTimersByTime(1100);
    expect(state.draw).toHaveBeenCalledTimes(1);
  });

  it('waits until the terminal has accepted the previous one', () => {
    const state = scheduled();
    state.behind = true;
    state.frames.draw();
    vi.advanceTimersByTime(60_000);
    expect(state.draw).not.toHaveBeenCalled();
    state.behind = false;
    vi.advanceTimersByTime(100);
    expect(state.draw).toHaveBeenCalledTimes(1);
  });

  it('is one for many requests in a short time', () => {
    const { frames, draw } = scheduled();
    for (let request = 0; request < 100; request += 1) {
      frames.draw();
      vi.advanceTimersByTime(1);
    }
    expect(draw.mock.calls.length).toBeLessThanOrEqual(8);
    vi.advanceTimersByTime(100);
    const drawn = draw.mock.calls.length;
    vi.advanceTimersByTime(1000);
    expect(draw).toHaveBeenCalledTimes(drawn);
  });

  it('is not drawn after the end', () => {
    const state = scheduled();
    state.isReceiving = true;
    state.frames.draw();
    state.frames.stop();
    state.isReceiving = false;
    state.frames.draw();
    vi.advanceTimersByTime(1000);
    expect(state.draw).not.toHaveBeenCalled();
  });
});
