import { describe, expect, it } from 'vitest';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import type { Stack } from '../../src/stats/stacks.ts';
import {
  createEffects,
  type EffectContext,
  type Keeper,
  type LiveRecorder,
} from '../../src/terminal/effects.ts';
import type { Action } from '../../src/views/actions.ts';
import type { Scene } from '../../src/views/scene.ts';
import type { Place } from '../../src/views/view.ts';
import { APPLICATION } from '../stats/stacks.ts';
import { makeScene, secondSample } from '../views/samples.ts';
import { doing, move, SIZE } from '../views/updating.ts';
import { NO_RECORDER } from './no-recorder.ts';

const OPEN = { kind: 'detail' } as const;
const BACK = { kind: 'back' } as const;
const THREADS = makeScene(secondSample('threads'));
const STACKS: readonly Stack[] = [{ thread: 'a', worker: 1, core: null, frames: [APPLICATION], whole: true }];

/** A stack read in progress. */
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
  recorder: LiveRecorder = NO_RECORDER,
) {
  const copied: string[] = [];
  const readings: Reading[] = [];
  const frames: Scene[] = [scene];
  const context: EffectContext = {
    get scene() {
      return frames.at(-1) ?? scene;
    },
    size: SIZE,
    clock: SYSTEM_CLOCK,
    change: (change) => frames.push({ ...context.scene, ...change }),
    copy: (text) => copied.push(text),
    stacksOf: (place) =>
      new Promise((resolve, reject) => readings.push({ place, end: resolve, fail: reject })),
    keeper: { question, save },
    recorder,
  };
  const { effects } = createEffects(context);
  return {
    context,
    copied,
    readings,
    does: (kind: 'copy' | 'stack' | 'save' | 'yes' | 'no' | 'record') => effects[kind]?.(),
    sees: (...actions: Action[]) => frames.push(doing(context.scene, ...actions)),
    get stack() {
      return context.scene.stack;
    },
    get notice() {
      return context.scene.notice;
    },
  };
}

/** Lets pending promise callbacks run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('copying', () => {
  it('puts the row into the clipboard and reports the number of characters', () => {
    const context = contextOf(doing(THREADS, move(1)));
    context.does('copy');
    expect(context.copied).toEqual([expect.stringMatching(/^WID=2 /)]);
    expect(context.notice).toMatchObject({
      text: expect.stringContaining(`${context.copied[0]?.length} char`),
    });
  });

  it('copies the command of a finding, and names it', () => {
    const finding = {
      rule: 'queue',
      subject: '',
      severity: 'warning',
      since: 0,
      text: 'full',
      advice: 'longer',
      about: null,
    } as const;
    const list = (findings: Scene['findings']) =>
      doing({ ...THREADS, findings, view: { ...THREADS.view, tab: 'findings' } }, move(1));
    const context = contextOf(list([{ ...finding, command: 'listen = 1024' }]));
    context.does('copy');
    context.sees(OPEN);
    context.does('copy');
    expect(context.copied).toEqual(['listen = 1024', 'listen = 1024']);
    expect(context.notice?.text).toMatch(/^copied the command listen = 1024, if the terminal allows/);
    // The value under the cursor takes precedence.
    context.sees(move(1));
    context.does('copy');
    expect(context.copied.at(-1)).toBe('warning');
    const without = contextOf(list([finding]));
    without.does('copy');
    expect(without.copied).toEqual([expect.stringMatching(/^SEVERITY=warning /)]);
    expect(without.notice?.text).toMatch(/^copied the row, \d+ characters, /);
  });

  it('copies the value under the cursor', () => {
    const context = contextOf(
      doing(THREADS, OPEN, { kind: 'filter' }, { kind: 'type', text: 'PID' }, { kind: 'accept' }),
    );
    context.does('copy');
    expect(context.copied).toEqual(['9395']);
  });

  it('reports that nothing is selected and does not change the clipboard', () => {
    for (const scene of [
      THREADS,
      makeScene(null),
      { ...doing(THREADS, move(1)), sample: secondSample('emperor') },
    ]) {
      const context = contextOf(scene);
      context.does('copy');
      expect(context.copied).toEqual([]);
      expect(context.notice).toMatchObject({ role: 'warning', text: 'nothing selected to copy' });
    }
  });
});

describe('reading a stack', () => {
  const looking = doing(THREADS, OPEN);

  it('reports the read in progress, then its result', async () => {
    const context = contextOf(looking);
    context.does('stack');
    expect(context.stack).toEqual({ worker: 2, core: null, result: { state: 'reading' } });
    expect(context.readings.map(({ place }) => place)).toEqual([{ worker: 2, core: null }]);
    context.readings[0]?.end(STACKS);
    await settled();
    expect(context.stack?.result).toMatchObject({ state: 'read', stacks: STACKS });
  });

  it('reports why it failed, and can be repeated', async () => {
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

  it('runs only one read at a time', async () => {
    const context = contextOf(looking);
    context.does('stack');
    context.does('stack');
    expect(context.readings).toHaveLength(1);
    context.readings[0]?.end(STACKS);
    await settled();
    context.does('stack');
    expect(context.readings).toHaveLength(2);
  });

  it('runs only one read at a time, also after another row is opened', async () => {
    const context = contextOf(looking);
    context.does('stack');
    context.sees(BACK, move(1), OPEN);
    context.does('stack');
    expect(context.readings).toHaveLength(1);
    context.readings[0]?.end(STACKS);
    await settled();
    context.does('stack');
    expect(context.readings.at(-1)?.place.worker).toBe(1);
  });

  it('discards the result if its row was left', async () => {
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

  it('does not show the result for another row', async () => {
    const context = contextOf(looking);
    context.does('stack');
    context.sees(BACK, move(1), OPEN);
    context.does('stack');
    context.readings[0]?.end(STACKS);
    await settled();
    expect([null, 2]).toContain(context.stack?.worker ?? null);
  });

  it('does nothing where there is no Python worker', () => {
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
  it('reports the file that was written', async () => {
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

  it('asks before it changes a file, and writes only after a yes', async () => {
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
    expect(context.notice).toMatchObject({ text: 'settings not written', role: 'warning' });
    context.does('save');
    await settled();
    context.sees({ kind: 'yes' });
    context.does('yes');
    await settled();
    expect(written).toEqual([THREADS.view]);
    expect(context.context.scene.view.question).toBeNull();
    expect(context.notice).toMatchObject({ text: 'written to /x', role: 'good' });
  });

  it('does not ask while the user types, because letters would be answers', async () => {
    const typing = doing(THREADS, { kind: 'filter' });
    const context = contextOf(typing, undefined, async () => 'write to /x?');
    context.does('save');
    await settled();
    expect(context.context.scene.view).toEqual(typing.view);
  });

  it('reports why it failed', async () => {
    for (const error of [new Error('no room'), 'no room']) {
      const context = contextOf(THREADS, () => Promise.reject(error));
      context.does('save');
      await settled();
      expect(context.notice).toMatchObject({ text: 'no room', role: 'critical' });
    }
  });
});

describe('recording', () => {
  const recorder = (start: LiveRecorder['start'], calls: string[] = []): LiveRecorder => ({
    ...NO_RECORDER,
    start,
    stop: () => calls.push('stop'),
  });

  it('starts and stops, and shows the folder', async () => {
    const calls: string[] = [];
    const context = contextOf(
      THREADS,
      undefined,
      undefined,
      recorder(async () => '/state/x', calls),
    );
    context.does('record');
    await settled();
    expect(context.context.scene.recording).toBe('/state/x');
    expect(context.notice).toMatchObject({ text: 'recording to /state/x', role: 'good' });
    context.does('record');
    await settled();
    expect(context.context.scene.recording).toBeNull();
    expect(calls).toEqual(['stop']);
    expect(context.notice).toMatchObject({ text: 'recorded to /state/x' });
  });

  it('shows why it did not start, why nothing is written, and that it has ended', async () => {
    const refused = contextOf(THREADS, undefined, undefined, NO_RECORDER);
    refused.does('record');
    await settled();
    expect(refused.context.scene.recording).toBeNull();
    expect(refused.notice).toMatchObject({
      text: expect.stringMatching(/^not recorded: /),
      role: 'critical',
    });
    let tell: Parameters<LiveRecorder['start']>[0] = () => {};
    const start: LiveRecorder['start'] = async (say) => {
      tell = say;
      return '/state/x';
    };
    const context = contextOf(THREADS, undefined, undefined, recorder(start));
    context.does('record');
    await settled();
    tell('no space is left');
    expect(context.notice).toMatchObject({ text: 'no space is left', role: 'warning' });
    expect(context.context.scene.recording).toBe('/state/x');
    tell('another process records to it', true);
    expect(context.context.scene.recording).toBeNull();
  });
});
