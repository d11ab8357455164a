import type { Action } from './actions.ts';

/** What a view returns: the screen, line by line, and where a click means something. */
export interface Frame {
  lines: Line[];
  hotspots: Hotspot[];
  /** What the terminal draws over the lines below it. */
  charts: Chart[];
}

/** A curve over time, in whole lines of the screen. */
export interface Chart {
  title: string;
  /** Its first line, from 0. */
  line: number;
  rows: number;
  /** Oldest first. */
  points: readonly { label: string; value: number }[];
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
