import type { Random } from '../../../src/demo/random.ts';
import { oneOf, placesOf } from '../choose.ts';
import { rawToken, type Token } from '../tokens.ts';
import { ESCAPED_KEYS, escaped, hostile } from './hostile.ts';

/** Changes a document of tokens. Returns `null` if the mutation does not apply. */
export type TokenMutation = (tokens: readonly Token[], random: Random) => Token[] | null;

/** The defects of uWSGI's own documents, and hostile texts. They must not change or lose any number. */
export const HARMLESS = {
  'bytes in variables': (tokens, random) => inStrings(tokens, random, (key) => ESCAPED_KEYS.has(key)),
  'bytes in names': (tokens, random) => inStrings(tokens, random, (key) => !ESCAPED_KEYS.has(key)),
  'latin-1': (tokens, random) =>
    changeSome(tokens, random, isText, ({ text }) => {
      const at = random.integer(1, text.length - 1);
      return text.slice(0, at) + String.fromCharCode(random.integer(0x80, 0xff)) + text.slice(at);
    }),
  'comma before a bracket': (tokens, random) => {
    const closing = placesOf(tokens, ({ text }) => text === '}' || text === ']');
    const chosen = new Set(closing.filter(() => random.chance(0.2)));
    // A comma after an opening bracket would be a missing element, which uWSGI does not write.
    return tokens.flatMap((token, place) =>
      chosen.has(place) && !opens(lastSign(tokens, place)) ? [rawToken(','), token] : [token],
    );
  },
  'pairs in a list': (tokens) => {
    const place = tokens.findIndex(
      ({ text, place, key }) => place === 'key' && text === '"id"' && key === 'id',
    );
    if (place < 0 || !tokens.some(({ text }) => text === '"vassals"')) return null;
    const attributes = rawToken('"attrs":[\n"owner":"ann",\n"x y":"",\n"__proto__":"7"\n],\n');
    return [...tokens.slice(0, place), attributes, ...tokens.slice(place)];
  },
  'quotes in a directory': (tokens, random) =>
    changeSome(
      tokens,
      random,
      ({ place, key }) => place === 'value' && DIRECTORIES.has(key),
      () => `"${oneOf(random, QUOTED)}"`,
    ),
  'no opening brace': (tokens) => {
    const place = tokens.findIndex(({ text }) => text === '{');
    // The brace has already been removed.
    if (place < 0 || tokens.slice(0, place).some(({ kind }) => kind === 'string')) return null;
    return tokens.filter((_, each) => each !== place);
  },
  'byte order mark': (tokens) => [rawToken('\xef\xbb\xbf'), ...tokens],
  'blanks between': (tokens, random) => {
    const spaced = [...tokens];
    for (let turn = random.integer(1, 3); turn > 0; turn--)
      spaced.splice(random.integer(1, spaced.length), 0, blanks(random));
    return spaced;
  },
  'blanks and NULs around': (tokens, random) => [
    rawToken(oneOf(random, AROUND)),
    ...tokens,
    rawToken(oneOf(random, AROUND)),
  ],
} as const satisfies Readonly<Record<string, TokenMutation>>;

const DIRECTORIES: ReadonlySet<string> = new Set(['cwd', 'chdir', 'mountpoint', 'dir']);
const QUOTED = [
  '/srv/my "app"',
  '"',
  '""',
  '/a"b/c\\',
  '\\',
  'C:\\new\\"x"',
  '/srv/the "new", "old" shop',
  '"/"/"',
];
const AROUND = ['', '\0', '\0\0\0', ' \r\n', '\n\t\x0b\x0c', ' \0 ', '\xef\xbb\xbf'];

/** Whitespace: a little, or enough to make a reader with repeated scans too slow. */
export function blanks(random: Random): Token {
  const length = random.chance(0.8) ? random.integer(1, 20) : random.integer(1000, 100_000);
  return { kind: 'blank', text: oneOf(random, BLANKS).repeat(length), place: null, key: '' };
}

const BLANKS = [' ', '\n', '\t', '\r\n', ' \n'];

function isText({ kind, place, text }: Token): boolean {
  return kind === 'string' && place !== 'key' && text.length > 2;
}

function opens(token: Token | undefined): boolean {
  return token?.text === '{' || token?.text === '[' || token?.text === ',';
}

function lastSign(tokens: readonly Token[], before: number): Token | undefined {
  return tokens.slice(Math.max(0, before - 3), before).findLast(({ kind }) => kind !== 'blank');
}

/** Changes one to five of the tokens that fit. */
function changeSome(
  tokens: readonly Token[],
  random: Random,
  fits: (token: Token) => boolean,
  change: (token: Token) => string,
): Token[] | null {
  const places = placesOf(tokens, fits);
  if (places.length === 0) return null;
  const changed = [...tokens];
  for (let turn = random.integer(1, 5); turn > 0; turn--) {
    const place = oneOf(random, places);
    const token = changed[place];
    if (token) changed[place] = { ...token, text: change(token) };
  }
  return changed;
}

/** A string that contains a quote before one of these characters is ambiguous. */
const AMBIGUOUS = /"\s*[,:\]}]/;

function inStrings(
  tokens: readonly Token[],
  random: Random,
  wanted: (key: string) => boolean,
): Token[] | null {
  const fits = (token: Token) => isText(token) && wanted(token.key);
  return changeSome(tokens, random, fits, ({ text, key }) => {
    const piece = ESCAPED_KEYS.has(key) ? escaped(hostile(random)) : hostile(random);
    const inside = text.slice(1, -1);
    const at = between(inside, random.integer(0, inside.length));
    const after = inside.slice(0, at) + piece + inside.slice(at);
    return AMBIGUOUS.test(after) && !ESCAPED_KEYS.has(key) ? text : `"${after}"`;
  });
}

/** The position, moved so that it does not separate a backslash from the escaped character. */
function between(inside: string, place: number): number {
  const backslashes = /\\*$/.exec(inside.slice(0, place))?.[0].length ?? 0;
  return backslashes % 2 === 0 ? place : place - 1;
}
