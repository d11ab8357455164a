import type { Action } from './actions.ts';

/** What a view returns: the screen, line by line, and where a click means something. */
export interface Frame {
  lines: Line[];
  hotspots: Hotspot[];
  /** What the terminal draws over the lines below it. */
  charts: Chart[];
}

/** A curve, drawn with dots: two in a cell side by side, four one above the other. Without its numbers, which are text. */
export interface Chart {
  /** Its first line and column, from 0. */
  line: number;
  left: number;
  rows: number;
  columns: number;
  /** Two for each column, 0 to 1; `null`: a gap. */
  points: readonly (number | null)[];
  role: Role;
  stale?: boolean | undefined;
}

export interface Line {
  spans: readonly Span[];
  /** Paints the whole line, to its last cell. */
  emphasis?: 'heading' | 'selected' | 'bar' | undefined;
  /** Data that is no longer current: still readable, visibly old. */
  stale?: boolean | undefined;
}

/** A run of text of one meaning. Its text is clean: see `text.ts`. */
export interface Span {
  text: string;
  role: Role;
}

/** What a text means. The terminal's theme turns it into colours and attributes. */
export type Role =
  | 'plain'
  | 'dim'
  | 'label'
  | 'title'
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
  /** What was searched for. */
  | 'match'
  | 'headingKey';

/** Cells of one line that answer a click. Columns count from 0; `end` is the first cell that does not. */
export interface Hotspot {
  line: number;
  start: number;
  end: number;
  action: Action;
}

export interface Size {
  columns: number;
  rows: number;
}
