import { describe, expect, it } from 'vitest';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import type { Stack } from '../../src/stats/stacks.ts';
import { createEffects, type EffectContext, type Keeper } from '../../src/terminal/effects.ts';
import type { Action } from '../../src/views/actions.ts';
import type { Scene } from '../../src/views/scene.ts';
import type { Place } from '../../src/views/view.ts';
import { APPLICATION } from '../stats/stacks.ts';
import { makeScene, secondSample } from '../views/samples.ts';
import { doing, move } from '../views/updating.ts';

const OPEN = { kind: 'detail' } as const;
const BACK = { kind: 'back' } as const;
const THREADS = makeScene(secondSample('threads'));
const STACKS: readonly Stack[] = [{ thread: 'a', worker: 1, core: null, frames: [APPLICATION], whole: true }];

/** A reading of a stack that is under way. */
interface Reading {
  place: Place;
  end(stacks: readonly Stack[]): void;
  fail(error: unknown): void;
}

/** An effect context that records its calls. */
function contextOf(
  scene: Scene,
  save: Keeper['save'] = async () => 'written to here',
  question: Keeper['question'] = async () => null,
) {
  const copied: string[] = [];
  const readings: Reading[] = [];
  const frames: Scene[] = [scene];
  const context: EffectContext = {
    get scene() {
      return frames.at(-1) ?? scene;
    },
    clock: SYSTEM_CLOCK,
    change: (change) => frames.push({ ...context.scene, ...change }),
    copy: (text) => copied.push(text),
    stacksOf: (place) =>
      new Promise((resolve, reject) => readings.push({ place, end: resolve, fail: reject })),
    keeper: { question, save },
  };
  const { effects } = createEffects(context);
  return {
    context,
    copied,
    readings,
    does: (kind: 'copy' | 'stack' | 'save' | 'yes' | 'no') => effects[kind]?.(),
    sees: (...actions: Action[]) => frames.push(doing(context.scene, ...actions)),
    get stack() {
      return context.scene.stack;
    },
    get notice() {
      return context.scene.notice;
    },
  };
}

/** Everything that waits for what has ended has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('copying', () => {
  it('puts the row into the clipboard, and says how much', () => {
    const context = contextOf(doing(THREADS, move(1)));
    context.does('copy');
    expect(context.copied).toEqual([expect.stringMatching(/^WID=1 /)]);
    expect(context.notice).toMatchObject({
      text: expect.stringContaining(`${context.copied[0]?.length} char`),
    });
  });

  it('puts the value under the cursor there', () => {
    const context = contextOf(doing(THREADS, OPEN, move(1), move(1), move(1), move(1)));
    context.does('copy');
    expect(context.copied).toEqual(['9394']);
  });

  it('says when nothing is selected, and leaves the clipboard alone', () => {
    for (const scene of [
      THREADS,
      makeScene(null),
      { ...doing(THREADS, move(1)), sample: secondSample('emperor') },
    ]) {
      const context = contextOf(scene);
      context.does('copy');
      expect(context.copied).toEqual([]);
      expect(context.notice).toMatchObject({ role: 'warning', text: 'nothing is selected to copy' });
    }
  });
});

describe('reading a stack', () => {
  const looking = doing(THREADS, OPEN);

  it('says that it reads, then what was read', async () => {
    const context = contextOf(looking);
    context.does('stack');
    expect(context.stack).toEqual({ worker: 1, core: null, result: { state: 'reading' } });
    expect(context.readings.map(({ place }) => place)).toEqual([{ worker: 1, core: null }]);
    context.readings[0]?.end(STACKS);
    await settled();
    expect(context.stack?.result).toMatchObject({ state: 'read', stacks: STACKS });
  });

  it('says why there is none, and can be tried again', async () => {
    for (const error of [new Error('no tracebacker'), 'no tracebacker']) {
      const context = contextOf(looking);
      context.does('stack');
      context.readings[0]?.fail(error);
      await settled();
      expect(context.stack?.result).toEqual({ state: 'failed', why: 'no tracebacker' });
      context.does('stack');
      expect(context.readings).toHaveLength(2);
    }
  });

  it('is done once at a time', async () => {
    const context = contextOf(looking);
    context.does('stack');
    context.does('stack');
    expect(context.readings).toHaveLength(1);
    context.readings[0]?.end(STACKS);
    await settled();
    context.does('stack');
    expect(context.readings).toHaveLength(2);
  });

  it('is done once at a time, also when its row was left and another one is looked at', async () => {
    const context = contextOf(looking);
    context.does('stack');
    context.sees(BACK, move(1), OPEN);
    context.does('stack');
    expect(context.readings).toHaveLength(1);
    context.readings[0]?.end(STACKS);
    await settled();
    context.does('stack');
    expect(context.readings.at(-1)?.place.worker).toBe(2);
  });

  it('of a row that was left says nothing', async () => {
    const context = contextOf(looking);
    context.does('stack');
    context.sees(BACK);
    expect(context.stack).toBeNull();
    context.readings[0]?.end(STACKS);
    await settled();
    expect(context.stack).toBeNull();
    context.does('stack');
    context.sees(OPEN);
    expect(context.stack?.result.state).not.toBe('read');
  });

  it('of a row that was left is not shown in the place of that of another one', async () => {
    const context = contextOf(looking);
    context.does('stack');
    context.sees(BACK, move(1), OPEN);
    context.does('stack');
    context.readings[0]?.end(STACKS);
    await settled();
    expect([null, 2]).toContain(context.stack?.worker ?? null);
  });

  it('is not done where no Python runs', () => {
    const lost = { ...looking, sample: secondSample('emperor') };
    const sockets = doing(makeScene(secondSample('threads'), { view: { tab: 'sockets' } }), OPEN);
    for (const scene of [makeScene(null), THREADS, lost, sockets]) {
      const context = contextOf(scene);
      context.does('stack');
      expect([context.readings, context.stack]).toEqual([[], null]);
    }
  });
});

describe('saving', () => {
  it('says where to', async () => {
    const views: unknown[] = [];
    const context = contextOf(THREADS, async (view) => {
      views.push(view);
      return 'written to /x';
    });
    context.does('save');
    await settled();
    expect(views).toEqual([THREADS.view]);
    expect(context.notice).toMatchObject({ text: 'written to /x', role: 'good' });
  });

  it('asks before a file is changed, and writes after a yes only', async () => {
    const written: unknown[] = [];
    const save = async (view: unknown) => {
      written.push(view);
      return 'written to /x';
    };
    const context = contextOf(THREADS, save, async () => 'write to /x?');
    context.does('save');
    await settled();
    expect(written).toEqual([]);
    expect(context.context.scene.view.question).toBe('write to /x?');
    context.sees({ kind: 'no' });
    context.does('no');
    await settled();
    expect(written).toEqual([]);
    expect(context.notice).toMatchObject({ text: 'nothing was written', role: 'warning' });
    context.does('save');
    await settled();
    context.sees({ kind: 'yes' });
    context.does('yes');
    await settled();
    expect(written).toEqual([THREADS.view]);
    expect(context.context.scene.view.question).toBeNull();
    expect(context.notice).toMatchObject({ text: 'written to /x', role: 'good' });
  });

  it('asks nothing while the user types: letters are no answers', async () => {
    const typing = doing(THREADS, { kind: 'filter' });
    const context = contextOf(typing, undefined, async () => 'write to /x?');
    context.does('save');
    await settled();
    expect(context.context.scene.view).toEqual(typing.view);
  });

  it('says why not', async () => {
    for (const error of [new Error('no room'), 'no room']) {
      const context = contextOf(THREADS, () => Promise.reject(error));
      context.does('save');
      await settled();
      expect(context.notice).toMatchObject({ text: 'no room', role: 'critical' });
    }
  });
});
