import type { Point } from '../rates/point.ts';
import type { Glyphs } from './glyphs.ts';
import { MEASURES } from './measures.ts';

/**
 * The latest values of a measure, a cell a point, measured against the highest of the last ten minutes: what looks
 * high is high for this server. A blank is not known; `null`: none of them is.
 */
export function sparkline(
  { near }: { near: readonly Point[] },
  name: string,
  cells: number,
  glyphs: Glyphs,
): string | null {
  const value = MEASURES.find((measure) => measure.name === name)?.value ?? (() => null);
  if (near.every((point) => value(point) === null)) return null;
  const highest = near.reduce((most, point) => Math.max(most, value(point) ?? 0), 0);
  const values = near.slice(-cells).map(value);
  return levels(values, highest, glyphs).padStart(cells);
}

/** A cell a value, as high as its part of the highest. */
export function levels(
  values: readonly (number | null)[],
  highest: number,
  { levels }: Pick<Glyphs, 'levels'>,
): string {
  const top = levels.length - 1;
  return values
    .map((value) => {
      if (value === null) return ' ';
      return levels[highest > 0 ? Math.round((value / highest) * top) : 0] ?? ' ';
    })
    .join('');
}
