import type { Action } from './actions.ts';

/** The result of a view: the lines of the screen, and the areas that respond to a click. */
export interface Frame {
  lines: Line[];
  hotspots: Hotspot[];
  /** Charts that the terminal draws over the lines. */
  charts: Chart[];
}

/**
 * A curve of Braille dots: a cell has two dots side by side and four one above the other. Its axis labels are text in
 * `lines`.
 */
export interface Chart {
  /** First line and column, counted from 0. */
  line: number;
  left: number;
  rows: number;
  columns: number;
  /** Two points per column, from 0 to 1; `null` is a gap. */
  points: readonly (number | null)[];
  role: Role;
  stale?: boolean | undefined;
}

/** One line of the screen. */
export interface Line {
  spans: readonly Span[];
  /** Style of the line, up to its last cell. */
  emphasis?: 'heading' | 'selected' | 'bar' | undefined;
  /** Number of cells that the emphasis covers, up to the end of a span. Absent: the whole line. */
  emphasized?: number;
  /** The data is no longer current. The line remains readable but is visibly outdated. */
  stale?: boolean | undefined;
}

/** A run of text with one role. The text is clean (see `text/clean.ts`). Several lines can contain the same span. */
export interface Span {
  readonly text: string;
  readonly role: Role;
}

/** Meaning of a text. The theme of the terminal maps it to colours and attributes. */
export type Role =
  | 'plain'
  | 'dim'
  | 'label'
  | 'title'
  /** A curve beside a number. */
  | 'curve'
  | 'tab'
  | 'busy'
  | 'idle'
  | 'cheap'
  | 'pause'
  | 'signal'
  | 'good'
  | 'warning'
  | 'critical'
  | 'key'
  /** A match of a search. */
  | 'match'
  | 'headingKey'
  /** The title of the sort column, and its letter. */
  | 'headingSort'
  | 'headingSortKey';

/** Cells of one line that respond to a click. Columns count from 0; `end` is exclusive. */
export interface Hotspot {
  line: number;
  start: number;
  end: number;
  action: Action;
}

/** Size in cells of the terminal. */
export interface Size {
  columns: number;
  rows: number;
}
