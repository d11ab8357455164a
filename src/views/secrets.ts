/**
 * Requests carry their users' secrets, and uWSGI publishes them. What follows decides what is one: by the name it
 * goes by, in variables, headers and query strings, and by its shape, wherever it stands.
 */
const MASK = '***';

/** Parts of names that hold a secret: `HTTP_COOKIE`, `HTTP_X_API_KEY`, `csrftoken`, `sessionid`, `new_password`. */
const SECRET_NAME =
  /cookie|authorization|passw|passphrase|passcode|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|session|sessid|csrf|xsrf|jwt|credential|signature|(?:^|[^a-z0-9])(?:s(?:ess)?id|pass|auth|sig|otp|pin|key|code)$/i;

/** Shapes of secrets: a JSON web token, credentials of an authorization scheme, a password in a URL. */
const SHAPES: readonly [RegExp, string][] = [
  [/\beyJ[\w-]+(?:\.|%2E)[\w-]+(?:(?:\.|%2E)[\w-]*)?/gi, MASK],
  [/\b(Basic|Bearer|Digest|Negotiate|Token)(\s+|%20|\+)[\w.~+/=%-]{6,}/gi, `$1$2${MASK}`],
  [/(:\/\/[^/?#\s:@]*:)[^/?#\s@]+@/g, `$1${MASK}@`],
];

/**
 * The name before an equals sign, or the end of a very long one; both can stand percent-encoded, in a URL that is the
 * value of another one. Of bounded length, because what a client sends can be long and made to be slow to search.
 */
const NAME = /(?<!%|%[0-9a-f])((?:[^=&?;\s/#%]|%(?!26|2F|3D|3F)[0-9a-f]{2}|%(?![0-9a-f]{2})){1,64})(=|%3D)/gi;

/** A value ends at the next separator, of its own level of encoding. */
const VALUES = { '=': /[^&;#\s]*/y, '%3D': /(?:(?!%26)[^&;#\s])*/iy } as const;

/** A URL or query string with its secret values masked. */
export function maskUri(text: string): string {
  return SHAPES.reduce((masked, [shape, mask]) => masked.replace(shape, mask), maskPairs(text));
}

function maskPairs(text: string): string {
  let out = '';
  let from = 0;
  NAME.lastIndex = 0;
  for (let found = NAME.exec(text); found; found = NAME.exec(text)) {
    const [, name = '', equals] = found;
    if (!SECRET_NAME.test(decoded(name))) continue;
    const start = NAME.lastIndex;
    const value = VALUES[equals === '=' ? '=' : '%3D'];
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

/** The value of a CGI variable, masked when its name, a name within it, or its shape says that it is a secret. */
export function maskVariable(name: string, value: string): string {
  return SECRET_NAME.test(name) && value !== '' ? MASK : maskUri(value);
}
