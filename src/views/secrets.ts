/**
 * Requests carry their users' secrets, and uWSGI publishes them. What follows decides what is one: by the name it
 * goes by, in variables, headers, query strings, JSON and command lines, and by its shape, wherever it stands.
 */
const MASK = '***';

/** A name with one of these in it is that of a secret; a hyphen stands for `-`, `_` or nothing. */
export const SECRET_PARTS = [
  ...[
    'cookie',
    'authorization',
    'authentication',
    'credential',
    'creds',
    'signature',
    'assertion',
    'saml',
    'jwt',
    'hmac',
  ],
  ...['passw', 'passphrase', 'passcode', 'pwd', 'secret', 'token', 'csrf', 'xsrf', 'session', 'sessid'],
  ...['api-key', 'access-key', 'private-key', 'auth-code', 'access-code', 'reset-code', 'security-code'],
] as const;

/** So is one whose last word is one of these. */
export const SECRET_WORDS = [
  ...['key', 'pass', 'pw', 'auth', 'bearer', 'sid', 'sess-id', 'sig', 'otp', 'pin', 'ticket'],
] as const;

/** And one that is just this. */
export const SECRET_NAMES = ['code'] as const;

/** These are none, whatever is in them. */
export const HARMLESS_PARTS = [
  ...['sort-key', 'partition-key', 'cache-key', 'primary-key', 'foreign-key'],
  ...['max-tokens', 'tokenize', 'passwordless', 'secretary', 'signature-page'],
] as const;

/** What the value of an authorization scheme is made of. */
const CREDENTIAL = '[\\w.~+/=%-]';

/** Shapes of secrets, what they are, and what is shown instead. */
export const SHAPES: readonly (readonly [what: string, shape: RegExp, shown: string])[] = [
  ['a JSON web token', /(?<![\w-])eyJ[\w-]+(?:\.|%2E)[\w-]+(?:(?:\.|%2E)[\w-]*)?/gi, MASK],
  [
    'what follows Basic, Bearer, Digest, Negotiate or Token',
    new RegExp(`\\b(Basic|Bearer|Digest|Negotiate|Token)(\\s+)${CREDENTIAL}{6,}`, 'g'),
    `$1$2${MASK}`,
  ],
  [
    'the same in small letters or in a URL, where it looks like a credential',
    new RegExp(
      `\\b(Basic|Bearer|Digest|Negotiate|Token)(\\s+|%20|\\+)(?=${CREDENTIAL}{0,15}[\\d=]|${CREDENTIAL}{16})${CREDENTIAL}{6,}`,
      'gi',
    ),
    `$1$2${MASK}`,
  ],
  [
    'the password in a URL',
    /((?::|%3A)(?:\/\/|%2F%2F)(?:(?!%3A|%40|%2F)[^/?#\s:@])*(?::|%3A))(?:(?!%2F)[^/?#\s])+(@|%40)/gi,
    `$1${MASK}$2`,
  ],
];

/** Makes texts fit to be shown. */
export interface Mask {
  /** Any text, such as a URL, a query string or a command line, with the values of its secrets masked. */
  text(text: string): string;
  /** The value of a variable: masked whole when its name is that of a secret. */
  variable(name: string, value: string): string;
  /** A line of a program: also the strings in it, where a name of a secret is. */
  source(line: string): string;
}

/** Shows everything. */
export const NO_MASK: Mask = {
  text: (text) => text,
  variable: (_, value) => value,
  source: (line) => line,
};

/**
 * Masks the secrets.
 *
 * @param more parts of names that are secrets too
 */
export function createMask(more: readonly string[] = []): Mask {
  const isSecret = secretName([...SECRET_PARTS, ...more]);
  const text = remembered((text) => maskShapes(maskArguments(maskPairs(text, isSecret), isSecret)));
  return {
    text,
    variable: (name, value) => (isSecret(name) && value !== '' ? MASK : text(value)),
    source: (line) => text(hasSecret(line, isSecret) ? line.replace(STRING, `$1${MASK}$1`) : line),
  };
}

/** A string of a program, in its quotes. */
const STRING = /(["'])(?:\\.|(?!\1)[^\\])+\1/g;

function hasSecret(line: string, isSecret: IsSecret): boolean {
  return (line.match(/[A-Za-z_][\w-]*/g) ?? []).some(isSecret);
}

/** Texts that are masked again with each frame: the paths that are asked for most, the header. */
const REMEMBERED = 500;
const LONGEST_REMEMBERED = 1000;

function remembered(mask: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const masked = mask(text);
    if (text.length > LONGEST_REMEMBERED) return masked;
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, masked);
    return masked;
  };
}

type IsSecret = (name: string) => boolean;

function secretName(parts: readonly string[]): IsSecret {
  const either = (names: readonly string[]) => names.map(pattern).join('|');
  const secret = new RegExp(
    `${either(parts)}|(?:^|[^a-z0-9])(?:${either(SECRET_WORDS)})$|^(?:${either(SECRET_NAMES)})$`,
    'i',
  );
  const harmless = new RegExp(either(HARMLESS_PARTS), 'gi');
  return (name) => {
    // `user[pin]` and `licenseKey` end with a word too.
    const bare = name.replace(/[[\]]+$/, '').replace(harmless, '');
    return secret.test(bare) || secret.test(bare.replace(/([a-z\d])([A-Z])/g, '$1-$2'));
  };
}

function pattern(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/[-_]/g, '[-_]?');
}

/** A quote as JSON has it, within a string of JSON, and both in a URL. */
const QUOTE = '(?:\\\\?"|(?:%5C)?%22|\'|%27)';

/**
 * What ends a name: an equals sign, or a colon as in JSON or a header, each of which can stand percent-encoded, in a
 * URL that is the value of another one. A colon and a port do not: `auth:8000` is an address.
 */
const SIGN = `(=|%3D|${QUOTE}\\s*(?::|%3A)(?:\\s|\\+|%20)*(?:${QUOTE}|\\[|\\{|%5B|%7B)?|:\\s+|:(?!\\d{1,5}(?!\\w)|/))`;

/**
 * The name before that, or the end of a very long one. Of bounded length, because what a client sends can be long and
 * made to be slow to search.
 */
const NAME = new RegExp(
  `(?<!%|%[0-9a-f])((?:[^=&?;:"'{,\\s/#%\\\\]|%(?!22|26|27|2F|3A|3D|3F|5C)[0-9a-f]{2}|%(?![0-9a-f]{2})){1,64})${SIGN}`,
  'gi',
);

/** By the end of the sign: how far the value goes. */
const VALUES: readonly (readonly [sign: RegExp, value: RegExp])[] = [
  [/^=$/, /"(?:\\.|[^"\\])*"?|'[^']*'?|[^&;#\s]*/y],
  [/^%3D$/i, /(?:(?!%26)[^&;#\s])*/iy],
  // To the quote of the same kind.
  [/\\"$/, /(?:(?!\\")[\s\S])*/y],
  [/"$/, /(?:\\[\s\S]|[^"\\])*/y],
  [/%5C%22$/i, /(?:(?!%5C%22)[\s\S])*/iy],
  [/%22$/i, /(?:%5C%22|(?!%22)[\s\S])*/iy],
  // As Python writes it.
  [/'$/, /(?:\\[\s\S]|[^'\\])*/y],
  [/%27$/i, /(?:(?!%27)[\s\S])*/iy],
  // A list or an object: all that follows.
  [/(?:[[{]|%5B|%7B)$/i, /[\s\S]*/y],
  // A number or a word of JSON.
  [/^(?:\\?"|%5C%22|%22|'|%27)/i, /(?:(?!%2C|%7D)[^,}\s&])*/iy],
  // A header.
  [/^:/, /[^"'\n]*/y],
];

function valueLength(text: string, start: number, sign: string): number {
  const value = VALUES.find(([ends]) => ends.test(sign))?.[1] ?? /[\s\S]*/y;
  value.lastIndex = start;
  return value.exec(text)?.[0].length ?? 0;
}

function maskPairs(text: string, isSecret: IsSecret): string {
  let out = '';
  let from = 0;
  NAME.lastIndex = 0;
  for (let found = NAME.exec(text); found; found = NAME.exec(text)) {
    const [, name = '', sign = ''] = found;
    if (!isSecret(decoded(name))) continue;
    const start = NAME.lastIndex;
    const length = valueLength(text, start, sign);
    out += text.slice(from, start) + (length > 0 ? MASK : '');
    from = start + length;
    NAME.lastIndex = from;
  }
  return out + text.slice(from);
}

/** A URL within a URL within a URL is encoded twice. */
function decoded(name: string): string {
  return decodedOnce(decodedOnce(name));
}

function decodedOnce(name: string): string {
  return name.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** `--password hunter2` of a command line. */
const ARGUMENT = /(?<![^\s"'])(--?[\w-]{1,64})(\s+)("(?:\\.|[^"\\])*"?|'[^']*'?|[^\s-]\S*)/g;

function maskArguments(text: string, isSecret: IsSecret): string {
  return text.replace(ARGUMENT, (all, option: string, gap: string) =>
    isSecret(option) ? option + gap + MASK : all,
  );
}

function maskShapes(text: string): string {
  return SHAPES.reduce((masked, [, shape, shown]) => masked.replace(shape, shown), text);
}
