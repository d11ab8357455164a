import { memoize } from './memoize.ts';

/**
 * Severities of findings, in ascending order. A hint is not a fault: it suggests a setting, for a reason in the stats.
 */
export const SEVERITIES = ['hint', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * The row or view that a finding refers to. `view` is the name of a view (`views/views`). `row` is the id of one of its
 * rows; `null` for the whole view. Ids contain text from the document: they are not sanitized and secrets are not
 * masked.
 */
export interface About {
  view: string;
  row: string | null;
}

/** A fault or a possible improvement, with its evidence. */
export interface Finding {
  /** Name of the rule that produced the finding. */
  rule: string;
  /**
   * The object of the finding if the rule covers several, such as a cache or a vassal; otherwise empty. The text comes
   * from the document and is not sanitized.
   */
  subject: string;
  severity: Severity;
  /** Start of the condition, in Unix seconds. */
  since: number;
  /** The condition, with figures. Not sanitized, and secrets are not masked. */
  text: string;
  /** What to check or to set. Not sanitized, and secrets are not masked. */
  advice: string;
  /** A command to run or a line to add to the configuration, if there is one that is complete and safe. */
  command?: string;
  /** The row or view concerned; `null` for the whole server. */
  about: About | null;
  /** The server, in the findings of a fleet. */
  server?: { target: string; name: string };
}

/** The findings without the hints. */
export const wrongs = memoize((findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ severity }) => severity !== 'hint'),
);
