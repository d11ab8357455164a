import type { Random } from '../../../src/demo/random.ts';
import { oneOf, randomBytes } from '../choose.ts';

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

/** Text from a client or a directory name, one character per byte. */
const PIECES: readonly string[] = [
  ...['\x1b[31m', '\x1b]0;pwned\x07', '\x1b[2J', '\0', '\x07', '\x7f', '\x9b2J', '\x85', '\n', '\t', '\r\n'],
  // Invalid UTF-8: an impossible byte, an overlong character, half a surrogate pair, an incomplete character.
  ...[
    '\xff\xfe',
    '\xc0\xaf',
    '\xed\xa0\x80',
    '\xc3(',
    '\xf0\x9f\x98',
    '\xe9t\xe9',
    '\xfc',
    '\xf4\x90\x80\x80',
  ],
  ...['\u202egnp.exe', '\u2066', '\u200b', '\u200d', '\ufeff', '\u2028', '\u00ad', '\ufe0f', '\u{e0041}'].map(
    utf8,
  ),
  ...['日本語', '한글', 'ｗ', '😀', '👩‍👩‍👧', 'e\u0301', '\u0301\u0302\u0303\u0304', '\u115f', '\u3164'].map(
    utf8,
  ),
  ...[
    '{red-fg}{/}',
    '{"a":{"b":"c"}}',
    ']}]}]}',
    '},{',
    ':',
    ',',
    '[[',
    '1e999',
    '-1',
    '__proto__',
    '%00',
    '***',
  ],
  ...['"', '""', 'x"y', "'", '\\', '\\\\', '\\"', '\\u0041', '\\ud800', '\\n', '\\x'],
  ...['GET / HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\n', '&', '=', 'a=b&c=d', '%22', ' '],
];

/** A piece of hostile text. */
export function hostile(random: Random): string {
  if (random.chance(0.2)) return randomBytes(random, random.integer(1, 12));
  const piece = oneOf(random, PIECES);
  return random.chance(0.03) ? piece.repeat(random.integer(50, 2000)) : piece;
}

/**
 * Escapes as uWSGI does for variables and commands (core/utils.c, `escape_json`). uWSGI writes all other strings
 * unchanged.
 */
export function escaped(text: string): string {
  const short: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' };
  return text.replace(/[\t\n\r"\\]/g, (char) => short[char] ?? char);
}

/** Keys of the strings that uWSGI escapes. */
export const ESCAPED_KEYS: ReadonlySet<string> = new Set(['vars', 'cmd', 'command']);
