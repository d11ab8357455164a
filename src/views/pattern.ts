import { createRequire } from 'node:module';

/** A regular expression that takes time in proportion to the length of the text, whatever the two are. */
export interface Pattern {
  /** Whether some part of the text matches. Upper and lower case are the same. */
  test(text: string): boolean;
}

const require = createRequire(import.meta.url);

/** Limits of a pattern, in characters and in instructions: the time per character grows with the second one. */
const MAX_LENGTH = 500;
const MAX_PROGRAM = 500;

/** The last pattern: a frame needs the same one several times. */
let last: { source: string; result: Pattern | string } | null = null;

/**
 * The pattern of a user, or a sentence that says why it is none. The syntax is that of RE2, which has no
 * back-references and no look-around: the engine of JavaScript takes exponential time with some patterns, and
 * clients of the server choose the text. re2js is loaded with the first pattern.
 */
export function patternOf(source: string): Pattern | string {
  if (last?.source !== source) last = { source, result: compiled(source) };
  return last.result;
}

function compiled(source: string): Pattern | string {
  if (source.length > MAX_LENGTH) return `a regular expression has at most ${MAX_LENGTH} characters`;
  const { RE2JS, RE2JSSyntaxException } = require('re2js') as typeof import('re2js');
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

/** What JavaScript has and RE2 does not, by how it begins. */
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
