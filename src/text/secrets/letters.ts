const ASCII = /^[ -~]*$/;

/** Whether a text is printable ASCII. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** All pairs of patterns, for a test that they agree on ASCII. */
export const PAIRS: (readonly [ascii: RegExp, any: RegExp])[] = [];

/**
 * Returns a function that chooses the pattern for a text. V8 compiles a pattern when it is first used, and classes such as
 * `\p{L}` take much longer than those of ASCII. Most texts are ASCII.
 *
 * @param ascii matches the same as `any` in each text of printable ASCII
 */
export function pattern(ascii: RegExp, any: RegExp): (text: string) => RegExp {
  PAIRS.push([ascii, any]);
  return (text) => (isAscii(text) ? ascii : any);
}
