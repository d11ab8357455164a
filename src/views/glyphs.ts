import type { WorkerState } from '../rates/state.ts';

/** Characters that a view draws with; each is one cell wide. */
export interface Glyphs {
  /** Nothing but ASCII is to reach the terminal. */
  ascii: boolean;
  ellipsis: string;
  ascending: string;
  descending: string;
  cross: string;
  dot: string;
  /** Of a line from left to right. */
  line: string;
  /** Heights of a cell, from the lowest to a whole one. */
  levels: string;
  /** Cells of the workers' bar. */
  bar: Readonly<Record<WorkerState, string>>;
}

export const UNICODE: Glyphs = {
  ascii: false,
  ellipsis: '…',
  ascending: '▲',
  descending: '▼',
  cross: '✗',
  dot: '·',
  line: '─',
  levels: '▁▂▃▄▅▆▇█',
  bar: { busy: '■', idle: '□', loading: '~', cheap: '·', paused: '=', down: 'x', other: '!' },
};

export const ASCII: Glyphs = {
  ascii: true,
  ellipsis: '~',
  ascending: '^',
  descending: 'v',
  cross: 'x',
  dot: '-',
  line: '-',
  levels: '_.-:=+*#',
  bar: { busy: '#', idle: '-', loading: '~', cheap: '.', paused: '=', down: 'x', other: '!' },
};
