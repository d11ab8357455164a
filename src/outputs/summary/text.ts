import type { Summary } from '../../summaries/summary.ts';
import { clean, width } from '../../text/clean.ts';
import { gridLines } from '../grid-lines.ts';
import type { Part, SummaryOptions } from './parts.ts';
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
