import { describe, expect, it } from 'vitest';
import { screen } from '../../src/views/screen.ts';
import { observed } from '../monitor/observing.ts';
import { LOOKED_AT, makeScene, plain, secondSample } from '../views/samples.ts';
import { doing } from '../views/updating.ts';
import { sceneAfter } from './states.ts';

const threads = observed(secondSample('threads'));
const prefork = observed(secondSample('prefork'));
const SIZE = { columns: 80, rows: 40 };

describe('the first document', () => {
  it('opens the view that has the columns asked for', () => {
    const { view, notice } = sceneAfter(makeScene(null, { view: { columns: ['age', 'uri'] } }), threads);
    expect([view.tab, view.columns, notice]).toEqual(['requests', ['age', 'uri'], null]);
  });

  it('opens the first view, and says so, where none has them', () => {
    const { view, notice } = sceneAfter(makeScene(null, { view: { columns: ['vassal'] } }), threads);
    expect([view.tab, view.columns]).toEqual(['workers', null]);
    expect(notice?.text).toContain('vassal');
  });

  it('is shown on a screen that was frozen before it', () => {
    const { sample } = sceneAfter(makeScene(null, { view: { frozenAt: LOOKED_AT } }), threads);
    expect(sample).toBe(threads.sample);
  });
});

describe('a document', () => {
  it('changes no number while the screen is frozen', () => {
    const frozen = makeScene(threads.sample, { view: { frozenAt: LOOKED_AT } });
    expect(sceneAfter(frozen, prefork).sample).toBe(threads.sample);
  });

  it('says when counters began anew, also while the screen is frozen', () => {
    const { time } = threads.sample;
    for (const frozenAt of [null, LOOKED_AT])
      expect(
        sceneAfter(makeScene(threads.sample, { view: { frozenAt } }), { ...threads, resetAt: time }).resetAt,
      ).toBe(time);
  });
});

describe('a request that ends while it is looked at', () => {
  const looking = doing(makeScene(threads.sample, { view: { tab: 'requests' } }), { kind: 'detail' });
  const after = sceneAfter(looking, prefork);

  it('stays as it was last, and that is said', () => {
    const text = plain(screen(after, SIZE));
    expect(text).toContain('/slow/4?order=0');
    expect(text).toMatch(/is gone: as it was at \d\d:\d\d:\d\d/);
    expect(after.notice?.text).toContain('it is gone');
  });

  it('is said to have ended once, and let go of with the detail', () => {
    const later = sceneAfter({ ...after, notice: null }, observed(secondSample('prefork')));
    expect([later.notice, later.lastSeen?.sample]).toEqual([null, threads.sample]);
    expect(doing(later, { kind: 'back' }).lastSeen).toBeNull();
  });

  it('has no stack that was read after it was last seen: that can be of the next request', () => {
    const stackRead = (time: number) => {
      const stack = { thread: 't', worker: 2, core: 0, frames: [], whole: true };
      const read = { worker: 2, core: 0, result: { state: 'read', time, stacks: [stack] } } as const;
      return sceneAfter({ ...looking, stack: read }, prefork).stack?.result.state;
    };
    const { time } = threads.sample;
    expect([stackRead(time - 1), stackRead(time + 0.1)]).toEqual(['read', 'failed']);
    // While it is there, it is its own.
    expect(sceneAfter({ ...looking, stack: null }, observed(secondSample('threads'))).stack).toBeNull();
  });

  it('goes on when it is there again', () => {
    expect(sceneAfter(after, threads).lastSeen).toBeNull();
  });
});
