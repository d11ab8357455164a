/**
 * Requests carry their users' secrets, and uWSGI publishes them. What follows decides what is one: by the name it
 * goes by, in variables, headers, query strings, JSON and command lines, and by its shape, wherever it stands.
 */
const MASK = '***';

/** A name with one of these in it is that of a secret; a hyphen stands for `-`, `_` or nothing. */
export const SECRET_PARTS = [
  ...['cookie', 'authorization', 'credential', 'signature', 'assertion', 'saml', 'jwt', 'hmac'],
  ...['passw', 'passphrase', 'passcode', 'pwd', 'secret', 'token', 'csrf', 'xsrf', 'session', 'sessid'],
  ...['api-key', 'access-key', 'private-key'],
] as const;

/** So is one whose last word is one of these. */
export const SECRET_WORDS = [
  ...['key', 'pass', 'auth', 'bearer', 'sid', 'sess-id', 'sig', 'code', 'otp', 'pin', 'ticket'],
] as const;

/** Shapes of secrets, what they are, and what is shown instead. */
export const SHAPES: readonly (readonly [what: string, shape: RegExp, shown: string])[] = [
  ['a JSON web token', /\beyJ[\w-]+(?:\.|%2E)[\w-]+(?:(?:\.|%2E)[\w-]*)?/gi, MASK],
  [
    'what follows Basic, Bearer, Digest, Negotiate or Token',
    /\b(Basic|Bearer|Digest|Negotiate|Token)(\s+|%20|\+)[\w.~+/=%-]{6,}/gi,
    `$1$2${MASK}`,
  ],
  ['the password in a URL', /(:\/\/[^/?#\s:@]*:)[^/?#\s@]+@/g, `$1${MASK}@`],
];

/** Makes texts fit to be shown. */
export interface Mask {
  /** Any text, such as a URL, a query string or a command line, with the values of its secrets masked. */
  text(text: string): string;
  /** The value of a variable: masked whole when its name is that of a secret. */
  variable(name: string, value: string): string;
}

/** Shows everything. */
export const NO_MASK: Mask = { text: (text) => text, variable: (_, value) => value };

/**
 * Masks the secrets.
 *
 * @param more parts of names that are secrets too
 */
export function createMask(more: readonly string[] = []): Mask {
  const isSecret = secretName([...SECRET_PARTS, ...more]);
  const text = (text: string) => maskShapes(maskArguments(maskPairs(text, isSecret), isSecret));
  return { text, variable: (name, value) => (isSecret(name) && value !== '' ? MASK : text(value)) };
}

type IsSecret = (name: string) => boolean;

function secretName(parts: readonly string[]): IsSecret {
  const either = (names: readonly string[]) => names.map(pattern).join('|');
  const secret = new RegExp(`${either(parts)}|(?:^|[^a-z0-9])(?:${either(SECRET_WORDS)})$`, 'i');
  return (name) => secret.test(name);
}

function pattern(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/[-_]/g, '[-_]?');
}

/**
 * What ends a name: an equals sign, or a colon as in JSON or a header, each of which can stand percent-encoded, in a
 * URL that is the value of another one. A colon alone does not: `auth:8000` is an address.
 */
const SIGN = '(=|%3D|(?:"|%22)\\s*(?::|%3A)\\s*(?:"|%22)?|:\\s+)';

/**
 * The name before that, or the end of a very long one. Of bounded length, because what a client sends can be long and
 * made to be slow to search.
 */
const NAME = new RegExp(
  `(?<!%|%[0-9a-f])((?:[^=&?;:"'{,\\s/#%]|%(?!22|26|2F|3A|3D|3F)[0-9a-f]{2}|%(?![0-9a-f]{2})){1,64})${SIGN}`,
  'gi',
);

/** A value ends at the next separator, of its own level of encoding. */
const VALUES = {
  pair: /[^&;#\s]*/y,
  encodedPair: /(?:(?!%26)[^&;#\s])*/iy,
  quoted: /(?:(?!%22)[^"])*/iy,
  header: /[^"'\n]*/y,
} as const;

function valuePattern(sign: string): RegExp {
  if (sign === '=') return VALUES.pair;
  if (/^%3D$/i.test(sign)) return VALUES.encodedPair;
  return sign.startsWith(':') ? VALUES.header : VALUES.quoted;
}

function maskPairs(text: string, isSecret: IsSecret): string {
  let out = '';
  let from = 0;
  NAME.lastIndex = 0;
  for (let found = NAME.exec(text); found; found = NAME.exec(text)) {
    const [, name = '', sign = ''] = found;
    if (!isSecret(decoded(name))) continue;
    const start = NAME.lastIndex;
    const value = valuePattern(sign);
    value.lastIndex = start;
    const length = value.exec(text)?.[0].length ?? 0;
    out += text.slice(from, start) + (length > 0 ? MASK : '');
    from = start + length;
    NAME.lastIndex = from;
  }
  return out + text.slice(from);
}

function decoded(name: string): string {
  return name.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** `--password hunter2` of a command line. */
const ARGUMENT = /(?<![^\s"'])(--?[\w-]{1,64})(\s+)([^\s-]\S*)/g;

function maskArguments(text: string, isSecret: IsSecret): string {
  return text.replace(ARGUMENT, (all, option: string, gap: string) =>
    isSecret(option) ? option + gap + MASK : all,
  );
}

function maskShapes(text: string): string {
  return SHAPES.reduce((masked, [, shape, shown]) => masked.replace(shape, shown), text);
}
