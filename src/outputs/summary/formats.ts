import type { Summary } from '../../summaries/summary.ts';
import type { SummaryFormat } from './format-names.ts';
import { summaryJson } from './json.ts';
import { summaryMarkdown } from './markdown.ts';
import type { SummaryOptions } from './parts.ts';
import { summaryText } from './text.ts';

/** Writes a summary in each format. */
export const SUMMARY_FORMATS: Readonly<
  Record<SummaryFormat, (summary: Summary, options: SummaryOptions) => string>
> = { text: summaryText, markdown: summaryMarkdown, json: summaryJson };
