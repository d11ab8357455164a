import type { Summary } from '../../summaries/summary.ts';
import { clean } from '../../text/clean.ts';
import type { Grid } from '../grid-lines.ts';
import type { Part, SummaryOptions } from './parts.ts';
import { sectionsOf } from './sections.ts';

/** Returns a summary as Markdown with the tables of GitHub, for an issue or a chat. */
export function summaryMarkdown(summary: Summary, options: SummaryOptions): string {
  return sectionsOf(summary, options).map(partMarkdown).join('\n');
}

function partMarkdown({ title, level, lines, grid }: Part): string {
  const paragraph = lines.map((line) => `- ${escaped(line)}\n`).join('');
  return [
    `${'#'.repeat(level)} ${escaped(title)}\n`,
    ...(paragraph === '' ? [] : [paragraph]),
    ...(grid ? [gridMarkdown(grid)] : []),
  ].join('\n');
}

function gridMarkdown({ columns, rows }: Grid): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    line(columns.map(({ title }) => escaped(title))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(escaped))),
  ].join('');
}

/** What Markdown would read as markup, as HTML, as a link, or as the name of a person or an issue. */
const MARKUP = /[\\`*_[\]<>|~&@#$]|:(?=\/\/)|(?<=\bwww)\./gi;

function escaped(text: string): string {
  return clean(text).replace(MARKUP, '\\$&');
}
