/** Maximum size of a setting file in bytes. */
export const MAX_BYTES = 2 ** 16;

/**
 * Limits of a setting file. The time of the parser is quadratic in the number of these characters, and cubic with dots
 * in the keys.
 */
const LIMITS: readonly (readonly [what: string, pattern: RegExp, most: number])[] = [
  ['lines', /\n/g, 1000],
  ['brackets', /[[{]/g, 500],
  ['equals signs', /=/g, 1000],
  ['commas', /,/g, 1000],
];

/** Maximum number of dots in a line, and therefore in a key. */
const MAX_DOTS = 10;

/** Returns the limit that a text exceeds, as part of a message; otherwise `null`. Comments and strings count too. */
export function excess(text: string): string | null {
  for (const [what, pattern, most] of LIMITS)
    if (count(text, pattern) > most) return `it has more than ${most} ${what}`;
  const line = text.split('\n').findIndex((each) => count(each, /\./g) > MAX_DOTS);
  return line < 0 ? null : `line ${line + 1} has more than ${MAX_DOTS} dots`;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
