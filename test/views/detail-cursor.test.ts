import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/views/actions.ts';
import { copyText, detailOf } from '../../src/views/detail.ts';
import { layout } from '../../src/views/layout.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { makeScene, secondSample, textOf } from './samples.ts';
import { doing, move, SIZE, times } from './updating.ts';

const OPEN = { kind: 'detail' } as const;
const BACK = { kind: 'back' } as const;
const PAGE = { kind: 'page', pages: 1 } as const;
const PAGE_UP = { kind: 'page', pages: -1 } as const;
const scroll = (rows: number): Action => ({ kind: 'scroll', rows });
const match = (step: 1 | -1): Action => ({ kind: 'match', step });
const typing = (text: string): Action[] => [
  { kind: 'filter' },
  ...[...text].map((each): Action => ({ kind: 'type', text: each })),
];

/** The lines with the cursor. */
const cursor = (scene: Scene, size = SIZE) =>
  screen(scene, size)
    .lines.filter(({ emphasis }) => emphasis === 'selected')
    .map((line) => textOf(line).trim());

describe('the cursor in a detail', () => {
  const scene = doing(makeScene(secondSample('threads')), OPEN);
  const { fields } = detailOf(scene, SIZE.columns);

  it('is on no field at first, then on the first one in view, and stops at the edges', () => {
    expect(cursor(scene)).toEqual([]);
    expect(cursor(doing(scene, move(1)))).toEqual([expect.stringMatching(/^STATUS /)]);
    expect(doing(scene, move(1), move(-1)).view.detail?.field).toBe(0);
    expect(doing(scene, { kind: 'edge', edge: 'last' }, move(1)).view.detail?.field).toBe(fields.length - 1);
    const lines = detailOf(scene, SIZE.columns).lines.map(textOf);
    const busy = lines.findIndex((line) => line.startsWith('  BUSY '));
    expect(cursor(doing(scene, scroll(busy), move(1)))[0]).toBe(lines[busy]?.trim());
  });

  it('moves through all fields, each completely in view, down and up again', () => {
    const requests = doing(makeScene(secondSample('hostile'), { view: { tab: 'requests' } }), OPEN);
    const all = detailOf(requests, SIZE.columns).fields;
    for (const [start, step, order] of [
      [requests, 1, all],
      [doing(requests, ...times(all.length, move(1)), move(1)), -1, all.slice(0, -1).toReversed()],
    ] as const) {
      let at = start;
      for (const { name, height } of order) {
        at = doing(at, move(step));
        expect([name, cursor(at).length]).toEqual([name, Math.min(height, layout(SIZE).body)]);
      }
    }
  });

  it('is removed by the wheel, a page or Esc, and the next Esc closes the detail', () => {
    for (const action of [scroll(1), PAGE, BACK])
      expect(doing(scene, move(1), action).view.detail).toMatchObject({ field: null });
    expect(doing(scene, move(1), BACK, BACK).view.detail).toBeNull();
  });

  it('selects the value to copy, complete and masked, at any width', () => {
    const requests = doing(makeScene(secondSample('hostile'), { view: { tab: 'requests' } }), OPEN);
    for (const [field, { value }] of detailOf(requests, 80).fields.entries()) {
      const at = {
        ...requests.view,
        detail: { id: requests.view.detail?.id ?? '', top: 0, field, search: null },
      };
      expect(copyText({ ...requests, view: at }, 80)?.text).toBe(value);
      expect(value).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|deadbeef|dXNlcjpwYXNz/u);
    }
  });

  it('stays on the screen if a wider detail has fewer fields', () => {
    const wide = { columns: 200, rows: 24 };
    const atEnd = doing(scene, { kind: 'edge', edge: 'last' });
    const { fields } = detailOf(atEnd, wide.columns);
    expect(fields.length).toBeLessThan(detailOf(atEnd, 80).fields.length);
    const selected = screen(atEnd, wide).lines.filter(({ emphasis }) => emphasis === 'selected');
    expect(selected.map(textOf).join()).toContain(fields.at(-1)?.name);
    expect(copyText(atEnd, wide.columns)?.text).toBe(fields.at(-1)?.value);
  });

  it('disappears with its row, and nothing is copied', () => {
    const gone = { ...doing(scene, move(1)), sample: secondSample('emperor') };
    expect(cursor(gone)).toEqual([]);
    expect(copyText(gone, 80)).toBeNull();
  });
});

describe('the row of the detail remains selected', () => {
  const scene = doing(makeScene(secondSample('many'), { view: { filter: 'id>0' } }), move(1), OPEN);

  it.each<[string, Action[]]>([
    ['while a search is typed, also with keys that move', [...typing('r'), move(1), PAGE]],
    ['if n and N have no match', [match(1), match(1)]],
  ])('%s', (_when, actions) => {
    expect(doing(scene, ...actions).view.selected).toBe(scene.view.selected);
    const closed = doing(scene, ...actions, { kind: 'accept' }, ...times(4, BACK));
    expect([null, scene.view.selected]).toContain(closed.view.selected);
  });

  it('and is the one that is copied', () => {
    const other = { ...scene, view: { ...scene.view, selected: '3' } };
    expect(copyText(other, 80)?.text).toMatch(/^WID=2 /);
  });

  it('if the row has disappeared', () => {
    const gone = {
      ...doing(scene),
      view: { ...scene.view, detail: { id: '9999', top: 0, field: null, search: null } },
    };
    for (const action of [move(1), { kind: 'edge', edge: 'last' }] as const)
      expect(doing(gone, action).view.selected).toBe(scene.view.selected);
  });
});

const actions = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -4, max: 4 }).map(move) },
  fc.constantFrom<Action>(
    PAGE,
    PAGE_UP,
    { kind: 'edge', edge: 'first' },
    { kind: 'edge', edge: 'last' },
    match(1),
    match(-1),
    { kind: 'filter' },
    { kind: 'accept' },
    { kind: 'erase', what: 'character' },
    { kind: 'help' },
    BACK,
    OPEN,
  ),
  fc.constantFrom('e', 'W', '0', '/', 'İ').map((text): Action => ({ kind: 'type', text })),
  fc.integer({ min: -5, max: 5 }).map(scroll),
);
const sizes = fc.record({
  columns: fc.integer({ min: 20, max: 130 }),
  rows: fc.integer({ min: 6, max: 50 }),
});

it('after any actions in a detail, the field under the cursor is in view, and the end is not passed', () => {
  const rows = [
    doing(makeScene(secondSample('threads')), OPEN),
    doing(makeScene(secondSample('hostile'), { view: { tab: 'requests' } }), OPEN),
  ];
  fc.assert(
    fc.property(fc.nat(1), fc.array(actions, { maxLength: 25 }), sizes, (start, done, size) => {
      const { body } = layout(size);
      let scene = rows[start] ?? expect.fail('no row');
      for (const action of done) {
        const before = scene.view.detail?.field;
        scene = update(scene, action, size);
        const { detail, help } = scene.view;
        if (!detail || help !== null) continue;
        const { lines, fields } = detailOf(scene, size.columns);
        expect(detail.top).toBeGreaterThanOrEqual(0);
        expect(detail.top).toBeLessThanOrEqual(Math.max(0, lines.length - body));
        if (detail.field === null) continue;
        const field = fields[detail.field];
        if (!field) expect.fail('the cursor is on no field');
        const shown = screen(scene, size).lines.filter(({ emphasis }) => emphasis === 'selected');
        expect(shown.length).toBeGreaterThan(0);
        // After the cursor has moved, the whole field is visible if there is room.
        if (detail.field !== before && field.height < body) expect(shown).toHaveLength(field.height);
      }
    }),
    { numRuns: 150 },
  );
});
