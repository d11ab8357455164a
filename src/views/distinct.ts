/**
 * For each text, the character index of the first word that distinguishes it from the most similar texts. Words end at
 * blanks and slashes. The index is 0 if the first word differs.
 */
export function distinctFrom(texts: readonly string[]): ReadonlyMap<string, number> {
  const sorted = [...new Set(texts)].sort();
  return new Map(
    sorted.map((text, at) => {
      const shared = Math.max(sharedWith(text, sorted[at - 1]), sharedWith(text, sorted[at + 1]));
      // A text can be a prefix of the next one.
      return [text, wordBegin(text, Math.min(shared, text.length - 1))];
    }),
  );
}

/** Length of the common prefix. */
function sharedWith(text: string, other = ''): number {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  return at;
}

function wordBegin(text: string, at: number): number {
  let begin = at;
  while (begin > 0 && !/[ /]/.test(text[begin - 1] ?? '')) begin -= 1;
  return begin;
}

/** Maximum number of cells of the distinguishing word that must be visible. */
const WORD = 24;

/**
 * Cuts the beginning of a text so that the word at index `from` is visible in `columns` cells. Does not change a text
 * in which that word is visible without a cut.
 */
export function cutBefore(text: string, from: number, columns: number, ellipsis: string): string {
  const word = text.slice(from).search(/[ /]/);
  const end = Math.min(word < 0 ? text.length : from + word, from + WORD);
  // The last cell can hold the ellipsis of a cut at the end.
  if (end <= columns - 1) return text;
  const begin = Math.max(1, Math.min(from, end - columns + 2, text.length - columns + 1));
  return ellipsis + text.slice(begin);
}
