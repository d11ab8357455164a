import { describe, expect, it } from 'vitest';
import { NO_HISTORY } from '../../src/rates/history.ts';
import { cells } from '../../src/text/clean.ts';
import type { Size } from '../../src/views/frame.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { screen } from '../../src/views/screen.ts';
import { busyFor, chartsOf, LARGE, SIZE } from './charting.ts';
import { plain, textOf } from './samples.ts';

/** Sizes around the limits at which the layout changes. */
const COLUMNS = [20, 29, 30, 33, 59, 80, 119, 120, 121, 180, 250];
const ROWS = [5, 6, 8, 9, 11, 12, 15, 16, 23, 24, 30, 40, 60];
const TEN_MINUTES = busyFor(600);
const EVERY_SIZE: Size[] = COLUMNS.flatMap((columns) => ROWS.map((rows) => ({ columns, rows })));

describe('charts of every size', () => {
  it('fit the screen, with the keys on the last line', () => {
    const wrong: unknown[] = [];
    for (const size of EVERY_SIZE) {
      for (const view of [{}, { glyphs: ASCII }, { top: 3 }, { top: 99 }, { stretch: 'hour' as const }]) {
        for (const history of [TEN_MINUTES, NO_HISTORY]) {
          const { lines } = screen(chartsOf(history, view), size);
          const tooLong = lines.map(textOf).filter((line) => cells(line).length > size.columns);
          if (lines.length !== size.rows || lines.at(-1)?.emphasis !== 'bar' || tooLong.length > 0)
            wrong.push({ ...size, view, lines: lines.length, tooLong });
        }
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('do not overlap the header, the keys, each other or a text, and stay on the screen', () => {
    const wrong: unknown[] = [];
    for (const size of EVERY_SIZE) {
      for (const top of [0, 3, 99]) {
        const { lines, charts } = screen(chartsOf(TEN_MINUTES, { top }), size);
        const text = lines.map((line) => cells(textOf(line)));
        const taken = new Set<string>();
        for (const { line, left, rows, columns } of charts) {
          if (rows < 1 || columns < 1) wrong.push({ ...size, rows, columns });
          for (let y = line; y < line + rows; y += 1) {
            for (let x = left; x < left + columns; x += 1) {
              const inside = x >= 0 && x < size.columns && y >= 3 && y < size.rows - 1;
              const free = (text[y]?.[x] ?? ' ') === ' ' && !taken.has(`${x},${y}`);
              if (!inside || !free) wrong.push({ ...size, top, x, y });
              taken.add(`${x},${y}`);
            }
          }
        }
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('use the available room: at least 30 columns each, and more charts on larger screens', () => {
    const count = (columns: number, rows: number) =>
      screen(chartsOf(busyFor(60)), { columns, rows }).charts.length;
    expect([count(29, 24), count(30, 24), count(30, 12), count(80, 24)]).toEqual([0, 2, 1, 2]);
    expect([count(80, 40), count(120, 24), count(120, 40), count(180, 24), count(250, 24)]).toEqual([
      4, 4, 7, 6, 6,
    ]);
    // They reach down to the line of times above the last lines, if all can have the same height.
    for (const size of [SIZE, LARGE, { columns: 120, rows: 50 }]) {
      const { charts } = screen(chartsOf(busyFor(60)), size);
      const down = new Set(charts.map(({ line }) => line)).size;
      const end = Math.max(...charts.map(({ line, rows }) => line + rows));
      expect(size.rows - 3 - end).toBeLessThan(down);
    }
    expect(plain(screen(chartsOf(busyFor(60)), { columns: 29, rows: 24 }))).toContain('too small for charts');
  });
});
