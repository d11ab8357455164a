import type { WorkerState } from '../rates/state.ts';

/** Characters that a view draws with. Each one is one cell wide. */
export interface Glyphs {
  /** The output is limited to ASCII. */
  ascii: boolean;
  ellipsis: string;
  ascending: string;
  descending: string;
  check: string;
  cross: string;
  /** Part of a horizontal line. */
  line: string;
  /** Marks that more tabs precede and follow. */
  earlier: string;
  later: string;
  /** Fill levels of a cell, from the lowest to a full cell. */
  levels: string;
  /** Cells of the bar of workers, by state. */
  bar: Readonly<Record<WorkerState, string>>;
}

export const UNICODE: Glyphs = {
  ascii: false,
  ellipsis: '…',
  ascending: '▲',
  descending: '▼',
  check: '✓',
  cross: '✗',
  line: '─',
  earlier: '«',
  later: '»',
  levels: '▁▂▃▄▅▆▇█',
  bar: { busy: '■', idle: '□', loading: '~', cheap: '·', paused: '=', down: 'x', other: '!' },
};

export const ASCII: Glyphs = {
  ascii: true,
  ellipsis: '~',
  ascending: '^',
  descending: 'v',
  check: '+',
  cross: 'x',
  line: '-',
  earlier: '<',
  later: '>',
  levels: '_.-:=+*#',
  bar: { busy: '#', idle: '-', loading: '~', cheap: '.', paused: '=', down: 'x', other: '!' },
};
