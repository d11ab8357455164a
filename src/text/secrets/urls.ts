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

/** Masks the secrets of a URL or a path: user info, segments that look like tokens, values of query and fragment. */
export function maskUrl(url: string, names: Names): string {
  const [, head = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(url) ?? [];
  return maskHead(head, names) + maskTail(query, names) + maskTail(fragment, names);
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

/** Masks the part before the query: scheme, user info, host and path. */
function maskHead(head: string, names: Names): string {
  const mark = head.indexOf('://');
  if (mark < 0) return maskPath(head, names);
  const scheme = head.slice(0, mark + 3);
  const rest = head.slice(mark + 3);
  const end = rest.indexOf('/');
  const authority = end < 0 ? rest : rest.slice(0, end);
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  // A slash in a password ends the authority too early, so the apparent host is invalid.
  if (!/^(?:\[[^\]]*\]|[^:]*)(?::\d{0,5})?$/.test(host)) return scheme + MASK;
  const shownHost = isToken(host) ? MASK : host;
  const path = end < 0 ? '' : maskPath(rest.slice(end), names);
  return `${scheme}${at < 0 ? '' : `${userOf(scheme, authority.slice(0, at))}@`}${shownHost}${path}`;
}

/** The user info of `ssh://` is a name, unless it contains a password in spite of RFC 3986. */
function userOf(scheme: string, user: string): string {
  return /^(?:\w+\+)?ssh:/i.test(scheme) && /^[\w.-]+$/.test(user) && isPlain(user) ? user : MASK;
}

function maskPath(path: string, names: Names): string {
  let wordsOnly = false;
  let before = '';
  return path
    .split('/')
    .map((segment) => {
      const isNamed = names.verdict(before) === 'secret' && !VERSION.test(segment) && !isProse(segment, 5);
      const shown = maskSegment(segment, wordsOnly || isNamed, names);
      before = segment.toLowerCase();
      wordsOnly ||=
        BEFORE_SECRETS.has(before) || before.split(/[-_]/).some((word) => BEFORE_SECRETS.has(word));
      return shown;
    })
    .join('/');
}

/** A version of an API: `/auth/v1/users`. */
const VERSION = /^v\d{1,2}$/i;

/** Masks a path segment, which can contain parameters: `cart;jsessionid=...`. */
function maskSegment(segment: string, wordsOnly: boolean, names: Names): string {
  if (!/[;&=]/.test(segment)) return maskPiece(segment, wordsOnly);
  return segment
    .split(/([;&])/)
    .map((piece, place) => {
      if (place % 2 === 1) return piece;
      return piece.includes('=') ? maskParameter(piece, names) : maskPiece(piece, wordsOnly);
    })
    .join('');
}

/** Characters that show that a segment is not a plain name: JSON, a parameter or an encoded URL. */
const STRUCTURE = /["{}=]|:\/\//;

/** A line number after the name of a file. */
const LINE = /:\d{1,6}$/;

function maskPiece(piece: string, wordsOnly: boolean): string {
  // A placeholder has replaced a value, so it is no secret.
  if (piece === '' || isPlaceholder(piece)) return piece;
  const text = decoded(piece);
  if (isEncoded(text) || STRUCTURE.test(text) || isToken(text)) return MASK;
  if (wordsOnly && !isProse(text.replace(LINE, ''), 0)) return MASK;
  return maskUserInfo(piece);
}

/** Masks the user info of `user:password@host`. */
export function maskUserInfo(text: string): string {
  const at = text.lastIndexOf('@');
  return at > 0 && text.slice(0, at).includes(':') ? MASK + text.slice(at) : text;
}
