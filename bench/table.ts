/** A part of the report: its first column says what was measured. */
export interface Section {
  title: string;
  columns: readonly string[];
  rows: readonly Row[];
  /** Lines under the table. */
  notes?: readonly string[];
}

/** An empty row parts the ratios from the absolute figures. */
export type Row = readonly [label: string, ...cells: string[]];

export const GAP: Row = [''];

/** The sections as text, with the same columns in all of them. */
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
