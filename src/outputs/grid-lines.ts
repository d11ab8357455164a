import { type Align, clean, toWidth, width } from '../text/clean.ts';

/** A table. Its cells are masked, but not clean. */
export interface Grid {
  columns: readonly { title: string; align: Align }[];
  rows: readonly (readonly string[])[];
}

/** Maximum padding of a column in cells: one long text must not make each line as long. */
const MOST_PADDED = 100;

/** Returns a table as lines of plain text: its titles, and the rows. A line can end with blanks. */
export function gridLines({ columns, rows }: Grid): string[] {
  const all = [columns.map(({ title }) => title), ...rows.map((row) => row.map(clean))];
  const widths = columns.map((_, place) =>
    Math.min(
      MOST_PADDED,
      all.reduce((most, row) => Math.max(most, width(row[place] ?? '')), 0),
    ),
  );
  return all.map((row) =>
    row
      .map((cell, place) =>
        toWidth(cell, Math.max(widths[place] ?? 0, width(cell)), columns[place]?.align ?? 'left'),
      )
      .join('  '),
  );
}
