const ASCII = /^[ -~]*$/;

/** Whether a text is printable ASCII. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** All pairs of patterns, for a test that they agree on ASCII. */
export const PAIRS: (readonly [ascii: RegExp, any: RegExp])[] = [];

/**
 * Returns a function that chooses the pattern for a text. V8 takes ten times as long to compile classes such as `\p{L}`
 * as those of ASCII, which is a third of the time of `--json`. Most texts are ASCII.
 *
 * @param ascii matches the same as `any` in each text of printable ASCII
 */
export function pattern(ascii: RegExp, any: RegExp): (text: string) => RegExp {
  PAIRS.push([ascii, any]);
  return (text) => (isAscii(text) ? ascii : any);
}
