import { describe, expect, it } from 'vitest';
import type { AppSample } from '../../src/rates/sample.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { createKeymap } from '../../src/views/keymap.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { app, appBetween, core, worker } from '../rates/builders.ts';
import { historyOf } from './histories.ts';
import { firstSample, makeScene, secondSample } from './samples.ts';

const SIZE = { columns: 200, rows: 50 };

const seconds = (count: number, requests = 5) =>
  historyOf(
    Array.from({ length: count }, (_, at) => ({ requests: (at * requests) % 17, busy: (at % 9) / 9 })),
  );

const BASE = makeScene(secondSample('threads'), { history: seconds(70) });
const with_ = (given: Partial<Scene>): Scene => ({ ...BASE, ...given });
const viewing = (view: Partial<Scene['view']>): Scene => ({ ...BASE, view: { ...BASE.view, ...view } });

/** Frames in which everything differs from `BASE`, so that no part of an earlier frame can be used again. */
const OTHERS: readonly (readonly [Scene, { columns: number; rows: number }])[] = [
  [makeScene(firstSample('emperor')), { columns: 97, rows: 31 }],
  [
    makeScene(secondSample('idle'), {
      history: seconds(20, 3),
      view: {
        glyphs: ASCII,
        keys: createKeymap({ detail: ['F5'], stretch: ['F6'], help: ['F7'] }),
        sort: { column: 'rps', descending: false },
        chartRange: 'hour',
        tab: 'cores',
      },
    }),
    { columns: 151, rows: 43 },
  ],
  [
    makeScene(secondSample('idle'), {
      history: seconds(20, 3),
      view: { glyphs: ASCII, sort: { column: 'requests', descending: false }, cores: 'merged' },
    }),
    { columns: 151, rows: 43 },
  ],
];

const busyWorkers = (count: number) =>
  appBetween(
    app([worker({ id: 1 })]),
    app([
      worker({
        id: 1,
        status: 'busy',
        cores: Array.from({ length: count }, (_, id) => core({ id, inRequest: true })),
      }),
    ]),
  );

const sample = BASE.sample as AppSample;

/** Each changes one input of a frame. */
const CHANGED: readonly (readonly [what: string, scene: Scene, size?: { columns: number; rows: number }])[] =
  [
    ['the width', BASE, { columns: 190, rows: 50 }],
    ['the height', BASE, { columns: 200, rows: 44 }],
    ['the glyphs', viewing({ glyphs: ASCII })],
    [
      'the keys',
      viewing({ keys: createKeymap({ detail: ['F5'], stretch: ['F6'], help: ['F7'], 'next-view': ['F8'] }) }),
    ],
    ['the time range of the charts', viewing({ chartRange: 'hour' })],
    ['the points of the history', with_({ history: seconds(70, 6) })],
    [
      'the last point',
      with_({
        history: {
          ...BASE.history,
          near: [...BASE.history.near.slice(0, -1), ...historyOf([{ requests: 400 }]).near],
        },
      }),
    ],
    ['one more second', with_({ history: seconds(71) })],
    ['the order', viewing({ sort: { column: 'rps', descending: true } })],
    ['the direction of the order', viewing({ sort: { column: 'oldest', descending: false } })],
    ['the columns', viewing({ columns: ['id', 'rps', 'status'] })],
    ['the cores', viewing({ cores: 'merged' })],
    ['the cores as a tree', viewing({ cores: 'tree' })],
    ['the view', viewing({ tab: 'requests' })],
    ['a view without Python code', viewing({ tab: 'metrics' })],
    ['the number of requests', with_({ sample: busyWorkers(3) })],
    ['another number of requests', with_({ sample: busyWorkers(5) })],
    [
      'a request long on purpose',
      with_({ sample: { ...sample, totals: { ...sample.totals, coresLong: 1 } } }),
    ],
    [
      'the connection',
      with_({ connection: { state: 'lost', since: 0, why: 'refused', advice: '', retryAt: 0 } }),
    ],
    ['no sample', with_({ sample: null })],
    ['several servers', with_({ name: 'shop' })],
    ['the kind of server', with_({ sample: firstSample('emperor') })],
    ['the help', viewing({ help: { page: 0, search: null, at: null } })],
    ['a page of the help', viewing({ help: { page: 1, search: null, at: null } })],
    ['a search in the help', viewing({ help: { page: 0, search: 'sort', at: 0 } })],
    ['a detail', viewing({ detail: { id: '1', top: 0, field: null, search: null } })],
    ['a list of columns', viewing({ chooser: { kind: 'sort', order: ['', 'rps'], at: 0 } })],
  ];

/** Draws frames without anything in common with the next one. */
function forget(): void {
  for (const [scene, size] of OTHERS) screen(scene, size);
}

describe('a frame after another one', () => {
  for (const [what, scene, size = SIZE] of CHANGED) {
    it(`shows a change of ${what}`, () => {
      forget();
      const base = screen(BASE, SIZE);
      const after = screen(scene, size);
      forget();
      expect(screen(scene, size)).toEqual(after);
      expect(after).not.toEqual(base);
      expect(screen(BASE, SIZE)).toEqual(base);
    });
  }

  it('does not depend on the frames before it', () => {
    const alone = CHANGED.map(([, scene, size = SIZE]) => {
      forget();
      return screen(scene, size);
    });
    for (const order of [CHANGED.entries(), [...CHANGED.entries()].reverse()])
      for (const [at, [, scene, size = SIZE]] of order) expect(screen(scene, size)).toEqual(alone[at]);
  });
});
