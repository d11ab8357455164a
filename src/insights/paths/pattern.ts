import { matches } from '../../rates/long.ts';
import { copyOf } from '../../text/bounds.ts';
import { isPlaceholder, PLACEHOLDERS } from '../../text/placeholders.ts';
import { MASK } from '../../text/secrets/urls.ts';
import { createMask, type Mask } from '../../text/secrets.ts';

/** Paths that the user set; `*` matches any text. The first one that fits wins. */
export type PathPatterns = readonly string[];

/** No patterns of the user. */
export const NO_PATTERNS: PathPatterns = [];

/** Limits of a pattern: characters of a path that are examined, segments, and characters of the result. */
const LONGEST_PATH = 1024;
const MOST_SEGMENTS = 10;
const LONGEST_PATTERN = 160;

/** Follows the segments and the characters that were cut off. */
const REST = '...';

/** Number of remembered paths, and their maximum length in characters. */
const REMEMBERED = 4096;
const LONGEST_REMEMBERED = 256;

/**
 * The pattern of the path of a URI: without scheme, host and query, and with placeholders instead of numbers, UUIDs,
 * hashes, mail addresses and everything that can be a secret. It has at most `LONGEST_PATTERN` characters, and is a new
 * string that keeps no other one in memory. It is not clean for a terminal.
 *
 * @param uri as the client sent it
 * @param patterns of the user; a path that matches one has it as its pattern
 */
export function pathPattern(uri: string, patterns: PathPatterns = NO_PATTERNS): string {
  const path = pathOf(uri);
  const given = patterns.find((pattern) => matches(pattern, path));
  if (given !== undefined) return given;
  // Masking takes most of the time. Paths that differ only in such segments are masked once.
  return maskedPattern(path.split('/').map(wholePattern).join('/'));
}

const known = new Map<string, string>();

function maskedPattern(path: string): string {
  if (path.length > LONGEST_REMEMBERED) return patternOf(path);
  const before = known.get(path);
  if (before !== undefined) return before;
  const copy = copyOf(path, path.length);
  const pattern = patternOf(copy);
  if (known.size >= REMEMBERED) known.clear();
  known.set(copy, pattern);
  return pattern;
}

const ORIGIN = /^[a-z][a-z\d+.-]{0,20}:\/\/[^/]*/i;

function pathOf(uri: string): string {
  const end = uri.search(/[?#]/);
  const path = (end < 0 ? uri : uri.slice(0, end)).slice(0, LONGEST_PATH);
  return path.startsWith('/') ? path : path.replace(ORIGIN, '');
}

function patternOf(path: string): string {
  const masked = mask().variable('REQUEST_URI', path).split('/');
  const segments = path
    .split('/')
    .map((segment, at) => (isPlaceholder(segment) ? segment : withinPattern(masked[at] ?? MASK)));
  const rest = segments.length > MOST_SEGMENTS ? [...segments.slice(0, MOST_SEGMENTS), REST] : segments;
  const pattern = rest.join('/');
  const isLong = pattern.length > LONGEST_PATTERN;
  const short = isLong ? pattern.slice(0, LONGEST_PATTERN - REST.length) + REST : pattern;
  return copyOf(short, short.length);
}

let ours: Mask | null = null;

/** The mask of this program, created when it is first used. The names of the user apply when a pattern is shown. */
function mask(): Mask {
  ours ??= createMask();
  return ours;
}

/** Segments that become one placeholder. The first pattern that fits wins. */
const WHOLE: readonly (readonly [RegExp, string])[] = [
  [/^\d[\d.,:;+~_-]*$/, PLACEHOLDERS.number],
  [/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, PLACEHOLDERS.uuid],
  [/^(?:[\da-f]{16,}|(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,})$/i, PLACEHOLDERS.hash],
  [/^[^@]+(?:@|%40)(?!\dx\.)[^@]+\.[a-z]{2,}$/i, PLACEHOLDERS.email],
];

/** Every segment that `WHOLE` can fit. */
const MAYBE = /\d|@|%40|^[a-f]{16}/i;

/** The ending of a file. */
const ENDING = /\.[a-z]{1,5}$/i;

/** UUIDs, hashes and numbers between other words, and long numbers after letters. */
const WITHIN =
  /(?<![\da-z])(?:([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})|((?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,}|[\da-f]{16,})|\d+(?:[.,]\d+)*)(?![\da-z])|\d{4,}/gi;

/** The placeholder of a segment that becomes one, with the ending of a file; otherwise the segment. */
function wholePattern(segment: string): string {
  if (!MAYBE.test(segment)) return segment;
  const [, whole] = WHOLE.find(([pattern]) => pattern.test(segment)) ?? [];
  if (whole !== undefined) return whole;
  const [ending] = ENDING.exec(segment) ?? [];
  if (ending === undefined) return segment;
  const base = segment.slice(0, -ending.length);
  const [, alone] = WHOLE.find(([pattern]) => pattern.test(base)) ?? [];
  return alone === undefined ? segment : alone + ending;
}

/** @param masked a segment after masking; its mask is where a secret was */
function withinPattern(masked: string): string {
  return masked
    .replaceAll(MASK, PLACEHOLDERS.token)
    .replace(WITHIN, (_, uuid?: string, hash?: string) =>
      uuid ? PLACEHOLDERS.uuid : hash ? PLACEHOLDERS.hash : PLACEHOLDERS.number,
    );
}
