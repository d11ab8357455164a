import { describe, expect, it } from 'vitest';
import { screen } from '../../src/views/screen.ts';
import { arrived } from '../../src/views/updates/arriving.ts';
import { LOOKED_AT, liveOf, plain, secondSample } from './samples.ts';
import { doing } from './updating.ts';

const threads = secondSample('threads');
const SIZE = { columns: 80, rows: 40 };

describe('the first document', () => {
  it('opens the view that has the columns asked for', () => {
    const { view, notice } = arrived(liveOf(null, { view: { columns: ['age', 'uri'] } }), threads);
    expect([view.tab, view.columns, notice]).toEqual(['requests', ['age', 'uri'], null]);
  });

  it('opens the first view, and says so, where none has them', () => {
    const { view, notice } = arrived(liveOf(null, { view: { columns: ['vassal'] } }), threads);
    expect([view.tab, view.columns]).toEqual(['workers', null]);
    expect(notice?.text).toContain('vassal');
  });
});

describe('a document', () => {
  it('changes no number while the screen is frozen', () => {
    const frozen = liveOf(threads, { view: { frozenAt: LOOKED_AT } });
    expect(arrived(frozen, secondSample('prefork')).sample).toBe(threads);
  });

  it('says when counters began anew, also while the screen is frozen', () => {
    for (const frozenAt of [null, LOOKED_AT])
      expect(arrived(liveOf(threads, { view: { frozenAt } }), { ...threads, reset: true }).resetAt).toBe(
        threads.time,
      );
  });
});

describe('a request that ends while it is looked at', () => {
  const looking = doing(liveOf(threads, { view: { tab: 'requests' } }), { kind: 'detail' });
  const after = arrived(looking, secondSample('prefork'));

  it('stays as it was last, and that is said', () => {
    const text = plain(screen(after, SIZE));
    expect(text).toContain('/slow/4?order=0');
    expect(text).toMatch(/is gone: as it was at \d\d:\d\d:\d\d/);
    expect(after.notice?.text).toContain('it is gone');
  });

  it('is said to have ended once, and let go of with the detail', () => {
    const later = arrived({ ...after, notice: null }, secondSample('prefork'));
    expect([later.notice, later.kept]).toEqual([null, threads]);
    expect(doing(later, { kind: 'back' }).kept).toBeNull();
  });

  it('has no stack that was read after it was last seen: that can be of the next request', () => {
    const stackRead = (time: number) => {
      const stack = { thread: 't', worker: 2, core: 0, frames: [], whole: true };
      const read = { worker: 2, core: 0, result: { state: 'read', time, stacks: [stack] } } as const;
      return arrived({ ...looking, stack: read }, secondSample('prefork')).stack?.result.state;
    };
    expect([stackRead(threads.time - 1), stackRead(threads.time + 0.1)]).toEqual(['read', 'failed']);
    // While it is there, it is its own.
    expect(arrived({ ...looking, stack: null }, threads).stack).toBeNull();
  });

  it('goes on when it is there again', () => {
    expect(arrived(after, threads).kept).toBeNull();
  });
});
