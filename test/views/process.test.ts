import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../src/rates/rates.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { workerLookedAt } from '../../src/views/detail.ts';
import type { Scene, ViewState } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { app, core, hostReading, processReading, reading, worker } from '../rates/builders.ts';
import { makeScene, plain } from './samples.ts';
import { doing, move } from './updating.ts';

const OPEN = { kind: 'detail' } as const;
const MEMORY = { uss: 20 * 2 ** 20, pss: 30 * 2 ** 20 };
const HOST = hostReading([
  processReading({ pid: 101, memory: MEMORY }),
  processReading({ pid: 102 }),
  processReading({ pid: 999, memory: MEMORY }),
]);

const busy = core({ inRequest: true, requestStart: 1, vars: ['REQUEST_URI=/'] });
const workers = [101, 102, 103].map((pid) => worker({ pid, cores: [busy, { ...busy, id: 1 }] }));

const sceneWith = (snapshot: AppSnapshot, view: Partial<ViewState> = {}) =>
  makeScene(sampleOf('test', { ...reading(snapshot), host: HOST }, null), { view });

const detailOf = (scene: Scene) => plain(screen(scene, { columns: 80, rows: 200 }));

/** The value with this name in the detail of each worker. */
const valuesOf = (name: string, snapshot = app(workers)) =>
  ['1', '2', '3'].map((id) => {
    const detail = { id, top: 0, field: null, search: null };
    const text = detailOf(sceneWith(snapshot, { detail }));
    return new RegExp(`^ {2}${name.replace(/[()]/g, '\\$&')} +(\\S+)`, 'm').exec(text)?.[1] ?? null;
  });

describe('the process of a worker', () => {
  it('has its memory if that was read for this process', () => {
    expect(valuesOf('own memory (USS)')).toEqual(['20.0M', '-', null]);
    expect(valuesOf('its share (PSS)')).toEqual(['30.0M', '-', null]);
  });

  it('also has the memory values of uWSGI, if they exist', () => {
    expect(valuesOf('uss')).toEqual([null, null, '-']);
    const told = app(workers.map((each) => ({ ...each, uss: 2 ** 20, pss: 2 ** 21 })));
    expect(valuesOf('uss', told)).toEqual(['1.0M', '1.0M', '1.0M']);
    expect(valuesOf('pss', told)).toEqual(['2.0M', '2.0M', '2.0M']);
  });
});

describe('the worker in the detail view', () => {
  const table = sceneWith(app(workers));

  it('is the one whose detail is open', () => {
    expect(workerLookedAt(table)).toBeNull();
    expect(workerLookedAt(doing(table, move(1), move(1)))).toBeNull();
    const open = doing(table, move(1), move(1), OPEN);
    expect(workerLookedAt(open)).toBe(2);
    expect(workerLookedAt(doing(open, { kind: 'back' }))).toBeNull();
  });

  it('is that of a core in the table of workers, and null in a view without processes', () => {
    const tree = doing(sceneWith(app(workers), { cores: 'tree' }), move(1), move(1), OPEN);
    expect(tree.view.detail?.id).toBe('1:0');
    expect(workerLookedAt(tree)).toBe(1);
    for (const tab of ['requests', 'cores']) {
      const other = doing(sceneWith(app(workers), { tab }), OPEN);
      expect(other.view.detail).not.toBeNull();
      expect(workerLookedAt(other)).toBeNull();
    }
  });

  it('is null after it has disappeared, and on a frozen screen', () => {
    const open = doing(table, OPEN);
    expect(workerLookedAt({ ...open, sample: sceneWith(app([])).sample })).toBeNull();
    expect(workerLookedAt(doing(open, { kind: 'freeze' }))).toBeNull();
  });
});
