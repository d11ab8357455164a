import { describe, expect, it } from 'vitest';
import { layout, tableLayout } from '../../src/views/layout.ts';
import { activeScene } from '../../src/views/parts.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { viewOf } from '../../src/views/views.ts';
import { historyOf } from './histories.ts';
import { makeScene, plain, secondSample, textOf } from './samples.ts';
import { doing, move, SIZE, times } from './updating.ts';

/** Two workers, five requests in flight. */
const SCENE = makeScene(secondSample('threads'));
const WORKERS = 2;
const REQUESTS = 5;

const WITH_HISTORY = makeScene(secondSample('threads'), {
  history: historyOf(Array.from({ length: 70 }, (_, at) => ({ requests: at, busy: at / 80 }))),
});

/** Lines of the screen from the title of the lower part on. */
function lowerLines(scene: Scene, size = SIZE): string[] {
  const lines = plain(screen(scene, size)).split('\n');
  const at = lines.findIndex((line) => line.startsWith('── '));
  return at < 0 ? [] : lines.slice(at, -2);
}

/** Text of the selected lines. */
const selectedLines = (scene: Scene, size = SIZE) =>
  screen(scene, size)
    .lines.filter(({ emphasis }) => emphasis === 'selected')
    .map(textOf);

describe('the requests below the workers', () => {
  it('are the oldest ones, in the order of their age', () => {
    const [title, heading, ...rows] = lowerLines(SCENE);
    expect(title).toMatch(/^── 5 requests in flight, oldest first ─+ Enter Detail, t Stack ─$/);
    expect(heading).toMatch(/^ +AGE▼ +W:C METHOD +URI/);
    expect(rows.filter((row) => row.includes('GET'))).toHaveLength(REQUESTS);
  });

  it('appear only if at least six lines are free, and a key hides them', () => {
    const { header, tabs } = layout(SIZE);
    const needed = header + tabs + 1 + WORKERS + 1 + 6 + 1;
    expect(lowerLines(SCENE, { columns: 80, rows: needed }).length).toBe(6);
    // With one line less, the header is one line shorter.
    expect(lowerLines(SCENE, { columns: 80, rows: needed - 2 })).toEqual([]);
    const hidden = doing(SCENE, { kind: 'split' });
    expect(lowerLines(hidden)).toEqual([]);
    expect(lowerLines(doing(hidden, { kind: 'split' }))).toEqual(lowerLines(SCENE));
    expect(lowerLines(makeScene(secondSample('many')))).toEqual([]);
  });

  it('are not limited by the filter of the workers', () => {
    const filtered = lowerLines(makeScene(secondSample('threads'), { view: { filter: 'id=1' } }));
    expect(filtered.filter((row) => row.includes('GET'))).toHaveLength(REQUESTS);
  });

  it('are reached by a step below the last worker, and left by a step above the first request', () => {
    const last = doing(SCENE, ...times(WORKERS, move(1)));
    expect(last.view).toMatchObject({ lower: { selected: null } });
    const first = doing(last, move(1));
    expect(first.view.selected).toBeNull();
    expect(selectedLines(first)).toEqual([expect.stringContaining('2:0 GET')]);
    expect(selectedLines(doing(first, move(1)))).toEqual([expect.stringContaining('2:1 GET')]);
    expect(doing(first, ...times(REQUESTS + 3, move(1))).view.lower.selected).not.toBeNull();
    const back = doing(first, move(-1));
    expect(back.view).toMatchObject({ selected: last.view.selected, lower: { selected: null } });
  });

  it('scroll with the wheel above them', () => {
    const size = { columns: 80, rows: 16 };
    const scrolled = update(SCENE, { kind: 'scroll', rows: 3, below: true }, size);
    expect(scrolled.view.lower.top).toBeGreaterThan(0);
    expect(scrolled.view.top).toBe(0);
    expect(update(SCENE, { kind: 'scroll', rows: 3 }, size).view.lower.top).toBe(0);
  });

  it('scroll to the selected one', () => {
    const size = { columns: 80, rows: 16 };
    let scene = SCENE;
    // The title, the heading, and fewer rows than requests.
    expect(tableLayout(scene, size).lower).toBeLessThan(2 + REQUESTS);
    for (const action of times(WORKERS + REQUESTS, move(1))) scene = update(scene, action, size);
    expect(selectedLines(scene, size)).toHaveLength(1);
  });

  it('open with Enter, a key for the stack, or a second click; Esc returns to the workers', () => {
    const first = doing(SCENE, ...times(WORKERS + 1, move(1)));
    const spot = screen(SCENE, SIZE).hotspots.find(({ action }) => action.kind === 'select' && action.below);
    if (spot === undefined) throw new Error('no request to click');
    const clicked = doing(SCENE, spot.action);
    expect(clicked.view.lower).toEqual(first.view.lower);
    for (const scene of [
      doing(first, { kind: 'detail' }),
      doing(first, { kind: 'stack' }),
      doing(clicked, spot.action),
    ]) {
      expect(viewOf(scene).name).toBe('requests');
      expect(plain(screen(scene, SIZE))).toContain('Requests 2:0');
      const back = doing(scene, { kind: 'back' });
      expect(viewOf(back).name).toBe('workers');
      expect(back.view.lower).toEqual(first.view.lower);
    }
  });

  it('leave the keys to the workers once the last request has ended', () => {
    const first = doing(SCENE, ...times(WORKERS + 1, move(1)));
    const ended = { ...first, sample: secondSample('idle') };
    expect(ended.view.lower.selected).not.toBeNull();
    for (const action of [move(1), move(-1)]) expect(selectedLines(doing(ended, action))).toHaveLength(1);
    expect(doing(ended, { kind: 'detail' }).view).toMatchObject({ tab: null, detail: { id: '1' } });
  });

  it('leave the keys to the workers while they have no room', () => {
    const low = { columns: 80, rows: 14 };
    const first = doing(SCENE, ...times(WORKERS + 1, move(1)));
    expect(tableLayout(first, low).lower).toBe(0);
    expect(viewOf(activeScene(first, low)).name).toBe('workers');
    expect(viewOf(update(first, { kind: 'detail' }, low)).name).toBe('workers');
    const moved = update(first, move(1), low);
    expect(selectedLines(moved, low)).toHaveLength(1);
    // When there is room again, only the worker is selected.
    expect(selectedLines(moved)).toHaveLength(1);
  });

  it('do not take an Esc that removes the filter of another view', () => {
    const first = doing(SCENE, ...times(WORKERS + 1, move(1)));
    const other = doing(first, { kind: 'view', name: 'cores' });
    const filtered = { ...other, view: { ...other.view, filter: 'busy' } };
    expect(doing(filtered, { kind: 'back' }).view.filter).toBeNull();
  });

  it('are not known to be none if the server reports no cores', () => {
    const [title] = lowerLines(makeScene(secondSample('nocores')));
    expect(title).toMatch(/^── requests in flight: not known \(.*stats-no-cores/);
    expect(lowerLines(makeScene(secondSample('idle')))[0]).toMatch(/^── no request in flight ─/);
  });

  it('take a selected row that other keys act on', () => {
    const first = doing(SCENE, ...times(WORKERS + 1, move(1)));
    expect(viewOf(activeScene(first, SIZE)).name).toBe('requests');
    expect(viewOf(activeScene(SCENE, SIZE)).name).toBe('workers');
    expect(doing(first, { kind: 'back' }).view.lower.selected).toBeNull();
    expect(doing(first, { kind: 'select', id: '1' }).view).toMatchObject({
      selected: '1',
      lower: { selected: null },
    });
  });
});

describe('the charts beside and below the requests', () => {
  it('are beside them on a wide screen, and below them on a high one', () => {
    const wide = lowerLines(WITH_HISTORY, { columns: 160, rows: 30 });
    expect(wide[0]).toMatch(/ Enter Detail, t Stack ─ requests per second/);
    const high = lowerLines(WITH_HISTORY, { columns: 100, rows: 50 });
    expect(high.some((line) => line.startsWith('requests per second'))).toBe(true);
    expect(lowerLines(WITH_HISTORY).join('\n')).not.toContain('per second');
  });

  it('are drawn as text, so that the first frame needs no canvas', () => {
    for (const size of [
      { columns: 160, rows: 30 },
      { columns: 100, rows: 50 },
    ])
      expect(screen(WITH_HISTORY, size).charts).toEqual([]);
  });

  it('do not take the emphasis of the rows beside them', () => {
    const size = { columns: 160, rows: 30 };
    const { lines } = screen(WITH_HISTORY, size);
    for (const { emphasis, emphasized } of lines.slice(layout(size).header + 4, -1))
      if (emphasis !== undefined) expect(emphasized).toBeLessThan(100);
  });
});
