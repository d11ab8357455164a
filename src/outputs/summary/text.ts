import type { Summary } from '../../summaries/summary.ts';
import { clean, toWidth, width } from '../../text/clean.ts';
import type { Grid, Part, SummaryOptions } from './parts.ts';
import { sectionsOf } from './sections.ts';

/** Returns a summary as plain text, for a mail or a terminal. */
export function summaryText(summary: Summary, options: SummaryOptions): string {
  return sectionsOf(summary, options).map(partText).join('\n');
}

const INDENTS = { 1: '', 2: '', 3: '  ' } as const;

function partText({ title, level, lines, grid }: Part): string {
  const heading = clean(title);
  const all = [
    heading,
    ...(level === 2 ? ['-'.repeat(width(heading))] : []),
    ...lines.map(clean),
    ...(grid ? gridLines(grid) : []),
  ];
  return all.map((line) => `${`${INDENTS[level]}${line}`.trimEnd()}\n`).join('');
}

/** Maximum padding of a column in cells: one long text must not make each line as long. */
const MOST_PADDED = 100;

function gridLines({ columns, rows }: Grid): string[] {
  const all = [columns.map(({ title }) => title), ...rows.map((row) => row.map(clean))];
  const last = columns.length - 1;
  const widths = columns.map((_, place) =>
    Math.min(
      MOST_PADDED,
      all.reduce((most, row) => Math.max(most, width(row[place] ?? '')), 0),
    ),
  );
  return all.map((row) =>
    row
      .map((cell, place) => {
        const align = columns[place]?.align ?? 'left';
        const size = Math.max(widths[place] ?? 0, width(cell));
        // The last text is not padded, and can be longer.
        return place === last && align === 'left' ? cell : toWidth(cell, size, align);
      })
      .join('  '),
  );
}
