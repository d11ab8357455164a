import type { Align } from '../../text/clean.ts';
import type { Mask } from '../../text/secrets.ts';
import type { Grid } from '../grid-lines.ts';

export interface SummaryOptions {
  mask: Mask;
  /** The time zone of this process, such as `Europe/Berlin (UTC+01:00)`, or `UTC+01:00`. */
  zone: string;
}

/** A part of a summary for people. Its texts are masked, but not clean. */
export interface Part {
  title: string;
  /** 1 for the whole summary, 2 for a server, 3 for its parts. */
  level: 1 | 2 | 3;
  lines: readonly string[];
  grid?: Grid;
}

/** A column of a table: its title, and the text of a row. */
export interface GridColumn<Row> {
  title: string;
  align?: Align;
  text(row: Row): string;
}

export function gridOf<Row>(columns: readonly GridColumn<Row>[], rows: readonly Row[]): Grid {
  return {
    columns: columns.map(({ title, align = 'right' }) => ({ title, align })),
    rows: rows.map((row) => columns.map(({ text }) => text(row))),
  };
}
