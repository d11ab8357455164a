import { rare, type Source } from '../rare.ts';

const ASCII = /^[ -~]*$/;

/** Whether a text is printable ASCII. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** The accents of decomposed letters. */
export const marks = rare(String.raw`\p{M}`, 'gu');

/** All pairs of patterns, for a test that they agree on ASCII. */
export const PAIRS: (readonly [ascii: RegExp, any: () => RegExp])[] = [];

/**
 * Returns a function that chooses the pattern for a text. Patterns for all letters take long to make and to compile, and
 * most texts are ASCII.
 *
 * @param ascii matches the same as `any` in each text of printable ASCII
 * @param any the source of the pattern for all letters
 */
export function pattern(ascii: RegExp, any: Source): (text: string) => RegExp {
  const other = rare(any, `u${ascii.flags}`);
  PAIRS.push([ascii, other]);
  return (text) => (isAscii(text) ? ascii : other());
}
