/** A part of the report. The first column of its table names the measured value. */
export interface Section {
  title: string;
  columns: readonly string[];
  rows: readonly Row[];
  /** Lines below the table. */
  notes?: readonly string[];
}

/** A row of the table. An empty row separates the ratios from the absolute figures. */
export type Row = readonly [label: string, ...cells: string[]];

export const GAP: Row = [''];

/** Formats the sections as text, with the same column widths in all sections. */
export function report(sections: readonly Section[]): string {
  const all = sections.flatMap(({ columns, rows }) => [['', ...columns], ...rows]);
  const label = Math.max(...all.map(([first = '']) => first.length));
  const cell = Math.max(...all.flatMap((row) => row.slice(1).map((text) => text.length)));
  const line = ([first = '', ...cells]: readonly string[]) =>
    `  ${first.padEnd(label)}${cells.map((text) => `  ${text.padStart(cell)}`).join('')}`.trimEnd();
  return sections
    .flatMap(({ title, columns, rows, notes = [] }) => [
      title,
      ...(columns.length > 0 ? [line(['', ...columns])] : []),
      ...rows.map(line),
      ...notes.map((note) => `  ${note}`),
      '',
    ])
    .join('\n');
}
