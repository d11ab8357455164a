/**
 * For each text the place where the first word begins that tells it apart from the texts most like it. Words end at
 * blanks and slashes. 0 where the beginning does.
 */
export function distinctFrom(texts: readonly string[]): ReadonlyMap<string, number> {
  const sorted = [...new Set(texts)].sort();
  return new Map(
    sorted.map((text, at) => {
      const shared = Math.max(sharedWith(text, sorted[at - 1]), sharedWith(text, sorted[at + 1]));
      // The text can be the beginning of the next one.
      return [text, wordBegin(text, Math.min(shared, text.length - 1))];
    }),
  );
}

/** Characters at the beginning of both. */
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

/** Cells of the word that tells texts apart that are shown, if there are as many. */
const WORD = 24;

/**
 * The part of a text that begins early enough to be seen with the word that begins at `from`, in so many cells. Nothing
 * is cut from a beginning that leaves room for it.
 */
export function cutBefore(text: string, from: number, columns: number, ellipsis: string): string {
  const word = text.slice(from).search(/[ /]/);
  const end = Math.min(word < 0 ? text.length : from + word, from + WORD);
  // An ellipsis stands at the end, too.
  if (end <= columns - 1) return text;
  const begin = Math.max(1, Math.min(from, end - columns + 2, text.length - columns + 1));
  return ellipsis + text.slice(begin);
}
