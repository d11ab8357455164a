import type { Point } from '../rates/point.ts';
import type { Glyphs } from './glyphs.ts';
import { MEASURES } from './measures.ts';

/**
 * The latest values of a measure, one cell per point, in proportion to the maximum of the last ten minutes. The scale
 * is therefore relative to this server. An unknown value is a blank.
 *
 * @param least lower limit of the maximum, so that small values of a measure with a limit look small
 * @returns `null` if all values are unknown
 */
export function sparkline(
  { near }: { near: readonly Point[] },
  name: string,
  cells: number,
  glyphs: Glyphs,
  least = 0,
): string | null {
  const value = MEASURES.find((measure) => measure.name === name)?.value ?? (() => null);
  if (near.every((point) => value(point) === null)) return null;
  const highest = near.reduce((most, point) => Math.max(most, value(point) ?? 0), least);
  const values = near.slice(-cells).map(value);
  return levels(values, highest, glyphs).padStart(cells);
}

/** One cell per value, with a height in proportion to `highest`. A value above 0 does not look like 0. */
export function levels(
  values: readonly (number | null)[],
  highest: number,
  { levels }: Pick<Glyphs, 'levels'>,
): string {
  const top = levels.length - 1;
  return values
    .map((value) => {
      if (value === null) return ' ';
      return levels[value > 0 ? Math.max(1, Math.round((value / highest) * top)) : 0] ?? ' ';
    })
    .join('');
}
