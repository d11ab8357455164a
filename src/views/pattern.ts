import { RE2JS, RE2JSSyntaxException } from 're2js';

/** A regular expression that takes time in proportion to the length of the text, for any pattern and text. */
export interface Pattern {
  /** Whether any part of the text matches, ignoring case. */
  test(text: string): boolean;
}

/**
 * Maximum length of a pattern in characters, and maximum size of its program in instructions. The time per character
 * grows with the size of the program.
 */
const MAX_LENGTH = 500;
const MAX_PROGRAM = 500;

/** Cache of the last pattern, because a frame needs the same pattern several times. */
let last: { source: string; result: Pattern | string } | null = null;

/**
 * Compiles a pattern of the user. The syntax is that of RE2, without back-references and look-around. The regular
 * expressions of JavaScript take exponential time for some patterns, and clients of the server control the text. re2js
 * is loaded with the first pattern.
 *
 * @returns the pattern, or an error message if it is invalid
 */
export function patternOf(source: string): Pattern | string {
  if (last?.source !== source) last = { source, result: compiled(source) };
  return last.result;
}

function compiled(source: string): Pattern | string {
  if (source.length > MAX_LENGTH) return `a regular expression has at most ${MAX_LENGTH} characters`;
  try {
    const pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    return pattern.programSize() > MAX_PROGRAM
      ? `${source} repeats too much: use smaller numbers in braces`
      : pattern;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return refusal(source, error.error, error.input ?? '');
  }
}

/** Syntax that JavaScript supports and RE2 does not, by its beginning. */
const UNSUPPORTED: readonly (readonly [begins: RegExp, what: string])[] = [
  [/^\(\?<?[=!]/, 'look-around'],
  [/^\\(?:[1-9]|k)/, 'back-reference'],
];

function refusal(source: string, why: string, part: string): string {
  for (const [begins, what] of UNSUPPORTED) {
    const found = begins.exec(part);
    if (found) return `${found[0]} is not supported (RE2 syntax: no ${what})`;
  }
  return `${source} is no regular expression: ${why}`;
}
