import { distance } from 'fastest-levenshtein';
import type { Column } from './column.ts';

type Named = Pick<Column<never>, 'name' | 'title'>;

/** Whether a word is the name or the title of a column, ignoring case. */
export function isNamed({ name, title }: Named, word: string): boolean {
  const wanted = word.trim().toLowerCase();
  return name.toLowerCase() === wanted || title.toLowerCase() === wanted;
}

/** Maximum length for a comparison. Longer words do not resemble any name, and comparing them would be slow. */
const LONGEST_WORD = 40;

/** The columns whose name or title resembles a word, which can be misspelled, incomplete, or longer than the name. */
export function nearest(word: string, columns: readonly Named[]): readonly Named[] {
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
  if (wanted === '' || wanted.length > LONGEST_WORD) return [];
  return columns.filter(({ name, title }) => resembles(name) || resembles(title));
}
