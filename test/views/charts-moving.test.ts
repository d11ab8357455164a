import { describe, expect, it } from 'vitest';
import { MEASURES } from '../../src/views/measures.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { chartsOf, type Key, press, SIZE } from './charting.ts';
import { ratesOf } from './histories.ts';
import { plain } from './samples.ts';

const CHARTS = chartsOf(ratesOf(Array(60).fill(1)));

/** The indexes of the measures whose charts are on the screen. */
function shown(scene: Scene, size = SIZE): number[] {
  const text = plain(screen(scene, size));
  const places = MEASURES.map(({ title }) => text.indexOf(`${title}: `));
  const found = [...places.keys()].filter((place) => (places[place] ?? -1) >= 0);
  // The order is from left to right and from top to bottom.
  expect(found).toEqual([...found].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0)));
  return found;
}

const ALL = MEASURES.map((_, place) => place);
const times = (count: number, key: Key) => Array.from({ length: count }, () => key);

describe('scrolling the charts', () => {
  it('moves by one chart, down to the last one and up again', () => {
    const down = ALL.map((count) => shown(press(CHARTS, SIZE, ...times(count, 'down'))));
    expect(down).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 6],
      [5, 6],
    ]);
    const end = press(CHARTS, SIZE, ...times(40, 'down'));
    expect(shown(press(end, SIZE, 'up'))).toEqual([4, 5]);
    expect(shown(press(end, SIZE, ...times(40, 'up')))).toEqual([0, 1]);
    expect(shown(press(CHARTS, SIZE, 'up'))).toEqual([0, 1]);
  });

  it('moves to the edges, and by pages without gaps', () => {
    expect(shown(press(CHARTS, SIZE, 'end'))).toEqual([5, 6]);
    expect(shown(press(CHARTS, SIZE, 'end', 'home'))).toEqual([0, 1]);
    for (const size of [SIZE, { columns: 120, rows: 24 }, { columns: 80, rows: 40 }]) {
      for (const [from, key] of [
        ['home', 'pagedown'],
        ['end', 'pageup'],
      ] as const) {
        const pages = ALL.map((count) => shown(press(CHARTS, size, from, ...times(count, key)), size));
        expect([...new Set(pages.flat())].sort()).toEqual(ALL);
        expect(pages.at(-1)).toEqual(shown(press(CHARTS, size, key === 'pagedown' ? 'end' : 'home'), size));
      }
    }
  });

  it('fills the screen and reaches every chart, at any size', () => {
    for (const columns of [30, 80, 119, 120, 180, 250]) {
      for (const rows of [9, 12, 16, 24, 31, 40, 60]) {
        const size = { columns, rows };
        const places = shown(CHARTS, size).length;
        const seen = new Set<number>();
        for (const count of ALL) {
          const charts = shown(press(CHARTS, size, ...times(count, 'down')), size);
          expect(charts).toHaveLength(places);
          for (const chart of charts) seen.add(chart);
        }
        expect([...seen].sort()).toEqual(ALL);
      }
    }
  });

  it('shows more charts when the screen grows', () => {
    const end = press(CHARTS, SIZE, 'end');
    expect(shown(end, { columns: 80, rows: 40 })).toEqual([3, 4, 5, 6]);
    expect(shown(end, { columns: 200, rows: 60 })).toEqual(ALL);
    // Up moves from the charts on the screen, not from the former position.
    expect(shown(press(end, { columns: 80, rows: 40 }, 'up'), { columns: 80, rows: 40 })).toEqual([
      2, 3, 4, 5,
    ]);
  });

  it('is mentioned only if there are more charts', () => {
    const told = (size: typeof SIZE) => plain(screen(CHARTS, size)).includes('Up Down: more');
    expect([told(SIZE), told({ columns: 200, rows: 60 })]).toEqual([true, false]);
  });

  it('selects nothing, and the position is kept while another view is shown', () => {
    const scene = press(CHARTS, SIZE, 'down', 'down');
    expect(scene.view.selected).toBeNull();
    const away = update(scene, { kind: 'view', name: 'workers' }, SIZE);
    expect(plain(screen(away, SIZE))).toContain('WID');
    expect(shown(update(away, { kind: 'view', name: 'charts' }, SIZE))).toEqual([2, 3]);
  });
});
