/**
 * Requests carry their users' secrets, and uWSGI publishes them. What follows decides what is one: by the name it
 * goes by, in variables, headers and query strings, and by its shape, wherever it stands.
 */
const MASK = '***';

/** Parts of names that hold a secret: `HTTP_COOKIE`, `HTTP_X_API_KEY`, `csrftoken`, `sessionid`, `new_password`. */
const SECRET_NAME =
  /cookie|authorization|passw|passphrase|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|session|(?:^|[-_])s(?:ess)?id$|csrf|xsrf|jwt|credential|signature|(?:^|[-_])(?:auth|sig|otp|key|code)$/i;

/** Shapes of secrets: a JSON web token, credentials of an authorization scheme, a password in a URL. */
const SHAPES: readonly [RegExp, string][] = [
  [/\beyJ[\w-]+(?:\.|%2E)[\w-]+(?:(?:\.|%2E)[\w-]*)?/gi, MASK],
  [/\b(Basic|Bearer|Digest|Negotiate|Token)(\s+|%20|\+)[\w.~+/=%-]{6,}/gi, `$1$2${MASK}`],
  [/(:\/\/[^/?#\s:@]*:)[^/?#\s@]+@/g, `$1${MASK}@`],
];

const PAIR = /(^|[?&;])([^=&?;\s]+)=([^&;#\s]+)/g;

/** A URL or query string with its secret values masked. */
export function maskUri(text: string): string {
  const named = text.includes('=') ? text.replace(PAIR, maskPair) : text;
  return SHAPES.reduce((masked, [shape, mask]) => masked.replace(shape, mask), named);
}

function maskPair(pair: string, before: string, name: string): string {
  return SECRET_NAME.test(name) ? `${before}${name}=${MASK}` : pair;
}

/** The value of a CGI variable, masked when its name, a name within it, or its shape says that it is a secret. */
export function maskVariable(name: string, value: string): string {
  return SECRET_NAME.test(name) && value !== '' ? MASK : maskUri(value);
}
