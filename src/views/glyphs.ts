/** Characters that a view draws with; each is one cell wide. */
export interface Glyphs {
  ellipsis: string;
  ascending: string;
  descending: string;
  cross: string;
  dot: string;
  /** Cells of the workers' bar. */
  bar: Readonly<Record<'busy' | 'idle' | 'cheap' | 'paused' | 'other', string>>;
}

export const UNICODE: Glyphs = {
  ellipsis: '…',
  ascending: '▲',
  descending: '▼',
  cross: '✗',
  dot: '·',
  bar: { busy: '■', idle: '□', cheap: '·', paused: '=', other: '!' },
};

export const ASCII: Glyphs = {
  ellipsis: '~',
  ascending: '^',
  descending: 'v',
  cross: 'x',
  dot: '-',
  bar: { busy: '#', idle: '-', cheap: '.', paused: '=', other: '!' },
};
