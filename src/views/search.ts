import type { Span } from './frame.ts';

/** The search in an overlay, such as the detail or the help. */

/** Pattern for a search text, ignoring case. It includes the combining marks that follow the last letter. */
export function patternOf(search: string): RegExp {
  return new RegExp(`${search.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}\\p{M}*`, 'iu');
}

/** Splits a span so that the search matches are highlighted. */
export function marked(span: Span, search: string): Span[] {
  const wanted = patternOf(search);
  const spans: Span[] = [];
  let rest = span.text;
  for (let found = wanted.exec(rest); found?.[0]; found = wanted.exec(rest)) {
    spans.push({ ...span, text: rest.slice(0, found.index) }, { text: found[0], role: 'match' });
    rest = rest.slice(found.index + found[0].length);
  }
  return [...spans, { ...span, text: rest }];
}

/**
 * The next match in one direction. It continues at the other end after the last match. `undefined` without a match.
 *
 * @param matches indexes of the matches, ascending
 * @param from index of the current match; `null` before the first one
 */
export function nextOf(matches: readonly number[], from: number | null, step: 1 | -1): number | undefined {
  if (step > 0) return matches.find((place) => place > (from ?? -1)) ?? matches[0];
  return matches.findLast((place) => place < (from ?? 0)) ?? matches.at(-1);
}
