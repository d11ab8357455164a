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
  it('opens the view that has the requested columns', () => {
    const { view, notice } = sceneAfter(makeScene(null, { view: { columns: ['age', 'uri'] } }), threads);
    expect([view.tab, view.columns, notice]).toEqual(['requests', ['age', 'uri'], null]);
  });

  it('opens the first view with a notice if no view has them', () => {
    const { view, notice } = sceneAfter(makeScene(null, { view: { columns: ['vassal'] } }), threads);
    expect([view.tab, view.columns]).toEqual(['workers', null]);
    expect(notice?.text).toContain('vassal');
  });

  it('is shown although the screen was frozen before it', () => {
    const { sample } = sceneAfter(makeScene(null, { view: { frozenAt: LOOKED_AT } }), threads);
    expect(sample).toBe(threads.sample);
  });
});

describe('a document', () => {
  it('changes no number while the screen is frozen', () => {
    const frozen = makeScene(threads.sample, { view: { frozenAt: LOOKED_AT } });
    expect(sceneAfter(frozen, prefork).sample).toBe(threads.sample);
  });

  it('shows a reset of the counters, also while the screen is frozen', () => {
    const { time } = threads.sample;
    for (const frozenAt of [null, LOOKED_AT])
      expect(
        sceneAfter(makeScene(threads.sample, { view: { frozenAt } }), { ...threads, resetAt: time }).resetAt,
      ).toBe(time);
  });
});

describe('a request that ends while its detail is open', () => {
  const looking = doing(makeScene(threads.sample, { view: { tab: 'requests' } }), { kind: 'detail' });
  const after = sceneAfter(looking, prefork);

  it('stays in its last state, and the detail says so', () => {
    const text = plain(screen(after, SIZE));
    expect(text).toContain('/slow/4?order=0');
    expect(text).toMatch(/no longer there: last seen at \d\d:\d\d:\d\d/);
    expect(after.notice?.text).toContain('row gone');
  });

  it('is reported once and released when the detail is closed', () => {
    const later = sceneAfter({ ...after, notice: null }, observed(secondSample('prefork')));
    expect([later.notice, later.lastSeen?.sample]).toEqual([null, threads.sample]);
    expect(doing(later, { kind: 'back' }).lastSeen).toBeNull();
  });

  it('discards a stack that was read after its last observation, because it can belong to the next request', () => {
    const stackRead = (time: number) => {
      const stack = { thread: 't', worker: 2, core: 0, frames: [], whole: true };
      const read = { worker: 2, core: 0, result: { state: 'read', time, stacks: [stack] } } as const;
      return sceneAfter({ ...looking, stack: read }, prefork).stack?.result.state;
    };
    const { time } = threads.sample;
    expect([stackRead(time - 1), stackRead(time + 0.1)]).toEqual(['read', 'failed']);
    // While the request still runs, the stack belongs to it.
    expect(sceneAfter({ ...looking, stack: null }, observed(secondSample('threads'))).stack).toBeNull();
  });

  it('is live again if it reappears', () => {
    expect(sceneAfter(after, threads).lastSeen).toBeNull();
  });
});
