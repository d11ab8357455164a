import { describe, expect, it } from 'vitest';
import { MACHINE_CLOCK } from '../../src/sources/source.ts';
import type { Stack } from '../../src/stats/stacks.ts';
import { createEffects, type EffectContext, type Keeper } from '../../src/terminal/effects.ts';
import type { Action } from '../../src/views/actions.ts';
import type { Scene } from '../../src/views/scene.ts';
import type { Place } from '../../src/views/view.ts';
import { APPLICATION } from '../stats/stacks.ts';
import { liveOf, secondSample } from '../views/samples.ts';
import { doing, move } from '../views/updating.ts';

const OPEN = { kind: 'detail' } as const;
const BACK = { kind: 'back' } as const;
const THREADS = liveOf(secondSample('threads'));
const STACKS: readonly Stack[] = [{ thread: 'a', worker: 1, core: null, frames: [APPLICATION], whole: true }];

/** A reading of a stack that is under way. */
interface Reading {
  place: Place;
  end(stacks: readonly Stack[]): void;
  fail(error: unknown): void;
}

/** A stage, and all that happened on it. */
function stageOf(
  live: Scene,
  save: Keeper['save'] = async () => 'written to here',
  question: Keeper['question'] = async () => null,
) {
  const copied: string[] = [];
  const readings: Reading[] = [];
  const frames: Scene[] = [live];
  const stage: EffectContext = {
    get scene() {
      return frames.at(-1) ?? live;
    },
    clock: MACHINE_CLOCK,
    change: (change) => frames.push({ ...stage.scene, ...change }),
    copy: (text) => copied.push(text),
    stacksOf: (place) =>
      new Promise((resolve, reject) => readings.push({ place, end: resolve, fail: reject })),
    keeper: { question, save },
  };
  const { effects } = createEffects(stage);
  return {
    stage,
    copied,
    readings,
    does: (kind: 'copy' | 'stack' | 'save' | 'yes' | 'no') => effects[kind]?.(),
    sees: (...actions: Action[]) => frames.push(doing(stage.scene, ...actions)),
    get stack() {
      return stage.scene.stack;
    },
    get notice() {
      return stage.scene.notice;
    },
  };
}

/** Everything that waits for what has ended has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('copying', () => {
  it('puts the row into the clipboard, and says how much', () => {
    const stage = stageOf(doing(THREADS, move(1)));
    stage.does('copy');
    expect(stage.copied).toEqual([expect.stringMatching(/^WID=1 /)]);
    expect(stage.notice).toMatchObject({ text: expect.stringContaining(`${stage.copied[0]?.length} char`) });
  });

  it('puts the value under the cursor there', () => {
    const stage = stageOf(doing(THREADS, OPEN, move(1), move(1), move(1), move(1)));
    stage.does('copy');
    expect(stage.copied).toEqual(['9394']);
  });

  it('says when nothing is selected, and leaves the clipboard alone', () => {
    for (const live of [
      THREADS,
      liveOf(null),
      { ...doing(THREADS, move(1)), sample: secondSample('emperor') },
    ]) {
      const stage = stageOf(live);
      stage.does('copy');
      expect(stage.copied).toEqual([]);
      expect(stage.notice).toMatchObject({ role: 'warning', text: 'nothing is selected to copy' });
    }
  });
});

describe('reading a stack', () => {
  const looking = doing(THREADS, OPEN);

  it('says that it reads, then what was read', async () => {
    const stage = stageOf(looking);
    stage.does('stack');
    expect(stage.stack).toEqual({ worker: 1, core: null, result: { state: 'reading' } });
    expect(stage.readings.map(({ place }) => place)).toEqual([{ worker: 1, core: null }]);
    stage.readings[0]?.end(STACKS);
    await settled();
    expect(stage.stack?.result).toMatchObject({ state: 'read', stacks: STACKS });
  });

  it('says why there is none, and can be tried again', async () => {
    for (const error of [new Error('no tracebacker'), 'no tracebacker']) {
      const stage = stageOf(looking);
      stage.does('stack');
      stage.readings[0]?.fail(error);
      await settled();
      expect(stage.stack?.result).toEqual({ state: 'failed', why: 'no tracebacker' });
      stage.does('stack');
      expect(stage.readings).toHaveLength(2);
    }
  });

  it('is done once at a time', async () => {
    const stage = stageOf(looking);
    stage.does('stack');
    stage.does('stack');
    expect(stage.readings).toHaveLength(1);
    stage.readings[0]?.end(STACKS);
    await settled();
    stage.does('stack');
    expect(stage.readings).toHaveLength(2);
  });

  it('is done once at a time, also when its row was left and another one is looked at', async () => {
    const stage = stageOf(looking);
    stage.does('stack');
    stage.sees(BACK, move(1), OPEN);
    stage.does('stack');
    expect(stage.readings).toHaveLength(1);
    stage.readings[0]?.end(STACKS);
    await settled();
    stage.does('stack');
    expect(stage.readings.at(-1)?.place.worker).toBe(2);
  });

  it('of a row that was left says nothing', async () => {
    const stage = stageOf(looking);
    stage.does('stack');
    stage.sees(BACK);
    expect(stage.stack).toBeNull();
    stage.readings[0]?.end(STACKS);
    await settled();
    expect(stage.stack).toBeNull();
    stage.does('stack');
    stage.sees(OPEN);
    expect(stage.stack?.result.state).not.toBe('read');
  });

  it('of a row that was left is not shown in the place of that of another one', async () => {
    const stage = stageOf(looking);
    stage.does('stack');
    stage.sees(BACK, move(1), OPEN);
    stage.does('stack');
    stage.readings[0]?.end(STACKS);
    await settled();
    expect([null, 2]).toContain(stage.stack?.worker ?? null);
  });

  it('is not done where no Python runs', () => {
    const lost = { ...looking, sample: secondSample('emperor') };
    const sockets = doing(liveOf(secondSample('threads'), { view: { tab: 'sockets' } }), OPEN);
    for (const live of [liveOf(null), THREADS, lost, sockets]) {
      const stage = stageOf(live);
      stage.does('stack');
      expect([stage.readings, stage.stack]).toEqual([[], null]);
    }
  });
});

describe('saving', () => {
  it('says where to', async () => {
    const views: unknown[] = [];
    const stage = stageOf(THREADS, async (view) => {
      views.push(view);
      return 'written to /x';
    });
    stage.does('save');
    await settled();
    expect(views).toEqual([THREADS.view]);
    expect(stage.notice).toMatchObject({ text: 'written to /x', role: 'good' });
  });

  it('asks before a file is changed, and writes after a yes only', async () => {
    const written: unknown[] = [];
    const save = async (view: unknown) => {
      written.push(view);
      return 'written to /x';
    };
    const stage = stageOf(THREADS, save, async () => 'write to /x?');
    stage.does('save');
    await settled();
    expect(written).toEqual([]);
    expect(stage.stage.scene.view.question).toBe('write to /x?');
    stage.sees({ kind: 'no' });
    stage.does('no');
    await settled();
    expect(written).toEqual([]);
    expect(stage.notice).toMatchObject({ text: 'nothing was written', role: 'warning' });
    stage.does('save');
    await settled();
    stage.sees({ kind: 'yes' });
    stage.does('yes');
    await settled();
    expect(written).toEqual([THREADS.view]);
    expect(stage.stage.scene.view.question).toBeNull();
    expect(stage.notice).toMatchObject({ text: 'written to /x', role: 'good' });
  });

  it('asks nothing while the user types: letters are no answers', async () => {
    const typing = doing(THREADS, { kind: 'filter' });
    const stage = stageOf(typing, undefined, async () => 'write to /x?');
    stage.does('save');
    await settled();
    expect(stage.stage.scene.view).toEqual(typing.view);
  });

  it('says why not', async () => {
    for (const error of [new Error('no room'), 'no room']) {
      const stage = stageOf(THREADS, () => Promise.reject(error));
      stage.does('save');
      await settled();
      expect(stage.notice).toMatchObject({ text: 'no room', role: 'critical' });
    }
  });
});
