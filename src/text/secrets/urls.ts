import { isPlaceholder } from '../placeholders.ts';
import { decoded, isEncoded } from './decode.ts';
import type { Names } from './names.ts';
import { isPlain, isProse, isToken } from './tokens.ts';

/** The replacement of a masked value. */
export const MASK = '***';

/**
 * Words of a path segment. After such a segment, all segments that are not words can be secrets: `/confirm-email/7f3k`,
 * but not `/reset/done`.
 */
const BEFORE_SECRETS = new Set([
  ...['reset', 'activate', 'activation', 'confirm', 'confirmation', 'verify', 'verification', 'unsubscribe'],
  ...['magic', 'magiclink', 'invite', 'invites', 'invitation', 'invitations', 'accept', 'join', 'signup'],
  ...['token', 'tokens', 'password', 'resetpassword', 'otp', 'mfa', '2fa', 'apikey'],
  ...['api-key', 'login-link', 'one-time'],
]);

/** What the previous segments of a path say about the next one. */
interface Trail {
  /** The previous segment. */
  before: string;
  /** Whether all segments that are not words can be secrets. */
  wordsOnly: boolean;
}

/** Masks the secrets of a URL or a path: user info, segments that look like tokens, values of query and fragment. */
export function maskUrl(url: string, names: Names): string {
  return maskParts(url, { before: '', wordsOnly: false }, names);
}

function maskParts(url: string, trail: Trail, names: Names): string {
  const [, head = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(url) ?? [];
  return maskHead(head, trail, names) + maskTail(query, names) + maskTail(fragment, names);
}

/** Masks the values of a query string or a form: `a=1&b=2`. */
export function maskQuery(query: string, names: Names): string {
  return query
    .split(/([&;])/)
    .map((piece, place) => (place % 2 === 1 ? piece : maskParameter(piece, names)))
    .join('');
}

function maskTail(tail: string, names: Names): string {
  return tail === '' ? '' : tail.charAt(0) + maskQuery(tail.slice(1), names);
}

function maskParameter(piece: string, names: Names): string {
  const equals = piece.indexOf('=');
  if (equals < 0) return masked(piece, isPlain(piece));
  const name = piece.slice(0, equals);
  const value = piece.slice(equals + 1);
  const verdict = names.verdict(name);
  const shownName = isName(name) ? name : MASK;
  return `${shownName}=${masked(value, verdict === 'shown' || (verdict === 'unknown' && isPlain(value)))}`;
}

/** Whether the text before `=` can be shown. It can be a token instead of a name. */
function isName(name: string): boolean {
  return name.length <= 100 && !isToken(decoded(name));
}

function masked(value: string, isShown: boolean): string {
  return isShown || value === '' ? value : MASK;
}

/** Masks the part before the query: path, and scheme, user info, host and path of each URL that begins in it. */
function maskHead(head: string, trail: Trail, names: Names): string {
  if (!head.includes('://')) return maskPath(head, trail, names);
  const [path = '', ...urls] = head.split('://');
  let shown = WEB.test(path) ? path : maskPath(path, trail, names);
  let before = path;
  for (const url of urls) {
    const end = url.indexOf('/');
    const authority = maskAuthority(end < 0 ? url : url.slice(0, end), before);
    if (authority === null) return `${shown}://${MASK}`;
    shown += `://${authority}${end < 0 ? '' : maskPath(url.slice(end), trail, names)}`;
    before = url;
  }
  return shown;
}

/** The usual schemes, which need no masking. */
const WEB = /^https?$/;

/** A path that ends with the scheme of `ssh://` or `git+ssh://`. */
const SSH = /(?:^|[/+])ssh$/i;

const HOST = /^(?:\[[^\]]*\]|[^:/@=]*)(?::\d{0,5})?$/;

/**
 * @param before the text before `://`
 * @returns `null` for an invalid host: a slash in a password ends the authority too early
 */
function maskAuthority(authority: string, before: string): string | null {
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const plain = decoded(host);
  if (!HOST.test(plain)) return null;
  const shown = isToken(plain) ? MASK : host;
  return at < 0 ? shown : `${userOf(authority.slice(0, at), before)}@${shown}`;
}

/** The user info of `ssh://` is a name, unless it contains a password in spite of RFC 3986. */
function userOf(user: string, before: string): string {
  return SSH.test(before) && /^[\w.+@-]+$/.test(user) && isPlain(user.replaceAll('@', '.')) ? user : MASK;
}

function maskPath(path: string, trail: Trail, names: Names): string {
  return path
    .split('/')
    .map((segment) => maskSegment(segment, trail, names))
    .join('/');
}

/** A version of an API: `/auth/v1/users`. */
const VERSION = /^v\d{1,2}$/i;

/** Masks a path segment, which can contain parameters: `cart;jsessionid=...`. */
function maskSegment(segment: string, trail: Trail, names: Names): string {
  if (!/[;&=]/.test(segment)) return maskPiece(segment, trail, names);
  return segment
    .split(/([;&])/)
    .map((piece, place) => {
      if (place % 2 === 1) return piece;
      return piece.includes('=') ? maskParameter(piece, names) : maskPiece(piece, trail, names);
    })
    .join('');
}

/** Characters that show that a segment is not a plain name: JSON, a parameter or an encoded URL. */
const STRUCTURE = /["{}=]|:\/\//;

/** A line number after the name of a file. */
const LINE = /:\d{1,6}$/;

/** Separators of the parts of a URL. An application that decodes a segment can separate it there. */
const SEPARATORS = /[/?#;&]/;

function maskPiece(piece: string, trail: Trail, names: Names): string {
  if (piece === '') return piece;
  const text = decoded(piece);
  // A placeholder has replaced a value, so it is no secret.
  const isValue = isPlaceholder(piece);
  if (isValue || isEncoded(text) || STRUCTURE.test(text) || isToken(text)) {
    trail.before = '';
    return isValue ? piece : MASK;
  }
  const shown = maskUserInfo(text);
  if (text === piece) return isHidden(text, trail, names) ? MASK : shown;
  if (shown !== text) return MASK;
  if (SEPARATORS.test(text)) return maskParts(text, trail, names) === text ? piece : MASK;
  return isHidden(text, trail, names) ? MASK : piece;
}

/** Whether the previous segments show that a segment without separators is a secret. */
function isHidden(text: string, trail: Trail, names: Names): boolean {
  const { before, wordsOnly } = trail;
  const word = text.toLowerCase();
  trail.before = word;
  trail.wordsOnly ||=
    BEFORE_SECRETS.has(word) ||
    (/[-_]/.test(word) && word.split(/[-_]/).some((part) => BEFORE_SECRETS.has(part)));
  const isNamed =
    names.verdict(before) === 'secret' &&
    !VERSION.test(text) &&
    !isProse(text, names.hidesNumbers(before) ? 0 : 5);
  return (wordsOnly || isNamed) && !isProse(text.replace(LINE, ''), 0);
}

/** Masks the user info of `user:password@host`. */
export function maskUserInfo(text: string): string {
  const at = text.lastIndexOf('@');
  return at > 0 && text.slice(0, at).includes(':') ? MASK + text.slice(at) : text;
}
