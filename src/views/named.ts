import { distance } from 'fastest-levenshtein';
import type { Column } from './column.ts';

type Named = Pick<Column<never>, 'name' | 'title'>;

/** Whether a word is the name or the title of a column, in upper or lower case. */
export function isNamed({ name, title }: Named, word: string): boolean {
  const wanted = word.trim().toLowerCase();
  return name.toLowerCase() === wanted || title.toLowerCase() === wanted;
}

/** Longer words resemble no name, and would take long to compare. */
const LONGEST_WORD = 40;

/** Names of the columns that resemble a word: mistyped, begun, or part of it. All names when none does. */
export function nearest(word: string, columns: readonly Named[]): string[] {
  const wanted = word.toLowerCase();
  const resembles = (text: string) => {
    const name = text.toLowerCase();
    const wrong = distance(name, wanted);
    return (
      wrong <= Math.min(2, name.length - 2) ||
      name.includes(wanted) ||
      (name.length > 2 && wanted.includes(name))
    );
  };
  const near =
    wanted === '' || wanted.length > LONGEST_WORD
      ? []
      : columns.filter(({ name, title }) => resembles(name) || resembles(title));
  return (near.length > 0 ? near : columns).map(({ name }) => name);
}
