import { memoize } from './memoize.ts';

/** A hint is nothing wrong: something that could be set, for a reason that the stats show. */
export const SEVERITIES = ['hint', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * What a finding is about. `view` is the name of a view (`views/views`); `row` the id of one of its rows, `null` for the
 * view as a whole. Ids have words of the document: neither clean nor masked.
 */
export interface About {
  view: string;
  row: string | null;
}

/** Something that is wrong, or could be better, with what proves it. */
export interface Finding {
  /** Name of the rule that found it. */
  rule: string;
  /** What it is about, where the rule knows several: a cache, a vassal; else empty. As the document has it: not clean. */
  subject: string;
  severity: Severity;
  /** Unix seconds since when it is so. */
  since: number;
  /** What is wrong, in figures. Neither clean nor masked. */
  text: string;
  /** What to look at, or to set. As neither clean nor masked as the text. */
  advice: string;
  /** What it is about; `null` when that is the server as a whole. */
  about: About | null;
}

/** What is wrong, without the hints. */
export const wrongs = memoize((findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ severity }) => severity !== 'hint'),
);
