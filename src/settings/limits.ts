/** Bytes of a setting file. */
export const MAX_BYTES = 2 ** 16;

/** What a setting file has at most: the parser takes quadratic time with many of them, with dots in a key cubic. */
const LIMITS: readonly (readonly [what: string, pattern: RegExp, most: number])[] = [
  ['lines', /\n/g, 1000],
  ['brackets', /[[{]/g, 500],
  ['equals signs', /=/g, 1000],
  ['commas', /,/g, 1000],
];

/** Dots of a line, and so of a key. */
const MAX_DOTS = 10;

/** Why a text is too much for the parser; `null` when it is not. Comments and strings count, too. */
export function excess(text: string): string | null {
  for (const [what, pattern, most] of LIMITS)
    if (count(text, pattern) > most) return `it has more than ${most} ${what}`;
  const line = text.split('\n').findIndex((each) => count(each, /\./g) > MAX_DOTS);
  return line < 0 ? null : `line ${line + 1} has more than ${MAX_DOTS} dots`;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
