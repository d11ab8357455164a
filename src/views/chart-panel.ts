import { completePoints } from '../rates/history.ts';
import { memoizeLast } from '../rates/memoize.ts';
import type { Point } from '../rates/point.ts';
import { drawPlot } from './charts.ts';
import type { Line, Size } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import type { Keymap } from './keymap.ts';
import type { ChartRange, Scene } from './scene.ts';

/**
 * Draws the charts beside or below a table, with blocks, as part of the lines. They do not scroll. They change only when
 * a second is complete: drawing them takes longer than the rest of a frame, and fast mode draws ten frames per second.
 */
export function chartPanel({ history, sample, now, view }: Scene, { columns, rows }: Size): readonly Line[] {
  const { chartRange: range, glyphs, keys } = view;
  const near = completePoints(history);
  const points = range === 'hour' ? history.hour : near;
  const end = near.at(-1)?.time ?? sample?.time ?? now;
  return panel(near, points, range, end, glyphs, keys, columns, rows);
}

const panel = memoizeLast(
  (
    near: readonly Point[],
    points: readonly Point[],
    range: ChartRange,
    end: number,
    glyphs: Glyphs,
    keys: Keymap,
    columns: number,
    rows: number,
  ): readonly Line[] => {
    const plot = { near, points, range, end, glyphs, keys };
    return drawPlot(plot, { start: 0, top: null, size: { columns, rows }, blocks: true }).lines;
  },
);
