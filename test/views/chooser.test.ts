import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObserved } from '../../src/monitor/observation.ts';
import { cells } from '../../src/text/clean.ts';
import type { Action } from '../../src/views/actions.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { tableOf, VIEWS, viewOf } from '../../src/views/views.ts';
import { firstSample, makeScene, plain, secondSample, textOf } from './samples.ts';
import { doing, MANY, move, SIZE, times } from './updating.ts';

const OPEN = { kind: 'chooser' } as const;
const TOGGLE = { kind: 'toggle' } as const;
const BACK = { kind: 'back' } as const;
const shift = (step: 1 | -1): Action => ({ kind: 'shift', step });

const titles = (scene: Scene) =>
  isObserved(scene) ? tableOf(viewOf(scene), scene, scene.view).columns.map(({ name }) => name) : [];
const all = (scene: Scene) => viewOf(scene).columns.map(({ name }) => name);
/** The columns of the table by default: columns with host values are hidden without a host reading. */
const own = (scene: Scene) => all(scene).filter((name) => name !== 'cpu' && name !== 'long');
const marks = (scene: Scene) =>
  plain(screen(scene, { columns: 120, rows: 60 }))
    .split('\n')
    .flatMap((line) => /^ \[([x ])\] (\S+)/.exec(line)?.slice(1).join(' ') ?? []);

describe('choosing columns', () => {
  it('begins with the shown columns in their order, marked', () => {
    const scene = doing(makeScene(secondSample('threads'), { view: { columns: ['rps', 'id'] } }), OPEN);
    expect(marks(scene).slice(0, 3)).toEqual(['x RPS', 'x WID', '  STATUS']);
    expect(marks(scene)).toHaveLength(all(scene).length);
    expect(scene.view.columns).toEqual(['rps', 'id']);
  });

  it('describes each column, in all views that have columns', () => {
    for (const { name, columns } of VIEWS.app) {
      const scene = doing(makeScene(secondSample('threads'), { view: { tab: name } }), OPEN);
      if (columns.length === 0) expect(scene.view.chooser).toBeNull();
      else {
        const text = plain(screen(scene, { columns: 200, rows: 60 }));
        for (const { description } of columns) expect(text).toContain(description);
      }
    }
  });

  it('hides, shows and moves a column at once', () => {
    const hidden = doing(MANY, OPEN, move(1), TOGGLE);
    expect(titles(hidden)).toEqual(own(MANY).filter((name) => name !== own(MANY)[1]));
    expect(titles(doing(hidden, TOGGLE))).toEqual(own(MANY));
    const [first = '', second = '', ...rest] = own(MANY);
    const later = doing(MANY, OPEN, shift(1));
    expect(titles(later)).toEqual([second, first, ...rest]);
    expect(titles(doing(later, shift(-1)))).toEqual(own(MANY));
  });

  it('moves the cursor with the column, up to the edges', () => {
    const scene = doing(MANY, OPEN, ...times(100, shift(1)));
    expect(titles(scene).at(-1)).toBe(own(MANY)[0]);
    expect(scene.view.chooser?.at).toBe(all(MANY).length - 1);
    expect(titles(doing(scene, ...times(100, shift(-1))))).toEqual(own(MANY));
  });

  it('does not hide the last column', () => {
    const scene = doing(makeScene(secondSample('threads'), { view: { columns: ['rps'] } }), OPEN, TOGGLE);
    expect(titles(scene)).toEqual(['rps']);
  });

  it('restores the default columns of the view', () => {
    const scene = doing(MANY, OPEN, move(3), shift(-1), TOGGLE, { kind: 'restore' });
    expect(scene.view).toMatchObject({
      columns: null,
      chooser: { order: [...own(MANY), 'long', 'cpu'], shown: own(MANY) },
    });
  });

  it('ends with Esc, and the view keeps its columns', () => {
    const scene = doing(MANY, OPEN, TOGGLE, BACK);
    expect(scene.view.chooser).toBeNull();
    expect(titles(scene)).toEqual(own(MANY).slice(1));
    const there = doing(scene, { kind: 'tab', step: 1 });
    expect(there.view).toMatchObject({ chooser: null, columns: null });
    expect(titles(doing(there, { kind: 'tab', step: -1 }))).toEqual(own(MANY).slice(1));
  });

  it('is closed by another view, and by the same one', () => {
    expect(doing(MANY, OPEN, { kind: 'tab', step: 1 }).view.chooser).toBeNull();
    expect(doing(MANY, OPEN, { kind: 'viewNumber', number: 1 }).view.chooser).toBeNull();
  });

  it('is possible before the first document', () => {
    const scene = doing(makeScene(null), OPEN, TOGGLE);
    expect(scene.view.columns).toEqual(all(scene).slice(1));
  });

  it('continues when the document changes its kind', () => {
    const scene = { ...doing(MANY, OPEN, move(2)), sample: firstSample('emperor') };
    for (const action of [TOGGLE, shift(1), { kind: 'restore' }, BACK] as const) {
      const after = update(scene, action, SIZE);
      expect(screen(after, SIZE).lines).toHaveLength(SIZE.rows);
      expect(titles(after).length).toBeGreaterThan(0);
    }
  });
});

describe('the columns that do not fit', () => {
  const WIDTH = 80;
  const frame = (live: Scene) => screen(live, { columns: WIDTH, rows: 60 });
  const listed = (live: Scene) =>
    frame(live).lines.filter((line) => textOf(line).includes('(no room at 80 columns)'));
  const titleOf = (name: string) => viewOf(MANY).columns.find((each) => each.name === name)?.title ?? '';
  /** Titles in the heading of the table under the chooser. */
  const heading = (live: Scene) => {
    const table = frame({ ...live, view: { ...live.view, chooser: null } });
    const line = table.lines.find(({ emphasis }) => emphasis === 'heading') ?? { spans: [] };
    return textOf(line)
      .trim()
      .split(/[ ▲▼]+/)
      .filter(Boolean);
  };

  it('are those that the table leaves out, dim, with a note', () => {
    const live = doing(MANY, OPEN);
    const missing = own(MANY)
      .map(titleOf)
      .filter((title) => !heading(live).includes(title));
    expect(missing.length).toBeGreaterThan(3);
    expect(listed(live).map((line) => textOf(line).trim().split(/ +/)[1])).toEqual(missing);
    for (const { spans } of listed(live)) expect(spans[1]?.role).toBe('dim');
    expect(plain(frame(live))).toContain(
      `${missing.length} of ${own(MANY).length} have no room at 80 columns`,
    );
  });

  it('are none where the terminal is wide enough', () => {
    expect(plain(screen(doing(MANY, OPEN), { columns: 400, rows: 60 }))).not.toContain('no room');
  });

  it('change when a column is hidden, shown or moved', () => {
    let live = doing(MANY, OPEN);
    const before = listed(live).length;
    // Each hidden column makes room for others.
    for (let hidden = 0; hidden < 6; hidden += 1) live = doing(live, TOGGLE, move(1));
    expect(listed(live).length).toBeLessThan(before);
    live = doing(live, { kind: 'edge', edge: 'first' }, shift(1), shift(1));
    const shown = titles(live).map(titleOf);
    expect(listed(live).map((line) => textOf(line).trim().split(/ +/)[1])).toEqual(
      shown.filter((title) => !heading(live).includes(title)),
    );
  });
});

const actions = fc.oneof(
  fc.constantFrom<Action>(TOGGLE, TOGGLE, shift(1), shift(-1), { kind: 'restore' }, OPEN, BACK, {
    kind: 'cores',
  }),
  fc.integer({ min: -30, max: 30 }).map((rows): Action => ({ kind: 'move', rows })),
  fc.constantFrom<Action>(
    { kind: 'page', pages: 1 },
    { kind: 'page', pages: -1 },
    { kind: 'edge', edge: 'first' },
    { kind: 'edge', edge: 'last' },
    { kind: 'scroll', rows: 3 },
    { kind: 'scroll', rows: -3 },
    { kind: 'help' },
    { kind: 'filter' },
    { kind: 'type', text: 'x' },
    { kind: 'accept' },
    { kind: 'sortBy', step: 1 },
    { kind: 'detail' },
    { kind: 'tab', step: 1 },
  ),
);
const sizes = fc.record({
  columns: fc.integer({ min: 20, max: 120 }),
  rows: fc.integer({ min: 6, max: 60 }),
});

it('after any actions, all columns exist, at least one is shown, and the cursor is in view', () => {
  fc.assert(
    fc.property(fc.array(actions, { maxLength: 30 }), sizes, (done, size) => {
      let scene = update(MANY, OPEN, size);
      for (const action of done) {
        scene = update(scene, action, size);
        const { chooser, help, columns } = scene.view;
        expect(titles(scene).length === 0).toBe(viewOf(scene).columns.length === 0);
        const frame = screen(scene, size);
        expect(frame.lines).toHaveLength(size.rows);
        for (const line of frame.lines) expect(cells(textOf(line)).length).toBeLessThanOrEqual(size.columns);
        if (chooser?.kind !== 'chooser') continue;
        expect(chooser.order.toSorted()).toEqual(all(scene).toSorted());
        expect(new Set(chooser.shown).size).toBe(chooser.shown.length);
        expect(chooser.order).toEqual(expect.arrayContaining([...chooser.shown]));
        expect(titles(scene)).toEqual(chooser.order.filter((name) => chooser.shown.includes(name)));
        if (columns) expect(columns).toEqual(titles(scene));
        expect(chooser.order[chooser.at]).toBeDefined();
        if (help !== null) continue;
        const selected = frame.lines.filter(({ emphasis }) => emphasis === 'selected');
        expect(selected.map((line) => textOf(line).slice(0, 5))).toEqual([
          chooser.shown.includes(chooser.order[chooser.at] ?? '') ? ' [x] ' : ' [ ] ',
        ]);
      }
    }),
  );
});
