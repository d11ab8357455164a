/** The formats of `statstop report`. The command line needs them before a format is loaded. */
export const SUMMARY_FORMAT_NAMES = ['text', 'markdown', 'json'] as const;
export type SummaryFormat = (typeof SUMMARY_FORMAT_NAMES)[number];
