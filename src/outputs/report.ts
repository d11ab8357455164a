import { clean, toWidth, width } from '../text/clean.ts';
import { UNKNOWN } from '../text/format.ts';

/** A line of a report. `null` is unknown. */
export type Fact = readonly [name: string, value: string | null];

/** A part of a report. */
export interface Section {
  title: string;
  facts: readonly Fact[];
}

/**
 * Returns a report as plain text, for a mail or an issue: the values of all sections are in one column. The values must
 * be masked; this function cleans them.
 */
export function reportText(sections: readonly Section[]): string {
  const names = sections.flatMap(({ facts }) => facts.map(([name]) => width(clean(name))));
  const column = names.reduce((most, each) => Math.max(most, each), 0);
  const parts = sections.map(({ title, facts }) => {
    const lines = facts.map(
      ([name, value]) => `  ${toWidth(name, column, 'left')}  ${clean(value ?? UNKNOWN)}`,
    );
    return [clean(title), ...lines].map((line) => `${line}\n`).join('');
  });
  return parts.join('\n');
}
