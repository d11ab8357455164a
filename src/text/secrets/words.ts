import { isEncoded } from './decode.ts';
import { pattern } from './letters.ts';
import type { Names } from './names.ts';
import { isPlain, isProse, isToken } from './tokens.ts';
import { MASK, maskQuery, maskUrl, maskUserInfo } from './urls.ts';

/** Blanks, then one word as a shell parses it, including its quotes. */
const WORD = /(\s*)((?:[^\s"'\\]|\\[\s\S]?|"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?)+)/y;

/** Maximum nesting of quotes, as in `sh -c "sh -c '...'"`. Deeper quotes are masked. */
const DEEPEST = 3;

/** Authentication schemes of headers. A credential follows them. */
const SCHEMES = /^(?:basic|bearer|digest|negotiate|ntlm|token)$/i;
const SHELL = /^(?:.*\/)?(?:ba|da|a|z|k)?sh$/;
const SEPARATOR = /^(?:[;&|]+|[({])$/;
/** Separators between a name and its value. */
const ASSIGNED = /^(?:[:=]=?|=>)$/;
const ASSIGNMENT = /^[A-Za-z_][\w.-]*=/;

/** Options that take a password in some programs and a number in others. Numbers of up to five digits are shown. */
const SHORT_SECRETS = new Set(['-p', '-P', '-a', '-w']);

const GLUED_SECRET = /^-p$/i;

/** The context of a word, from the preceding words. */
interface Place {
  /** The preceding option. The word can be its value. */
  option: string | null;
  /** The preceding word is one such as `Bearer` or `password`. */
  afterSecret: boolean;
  /** The preceding word can only be a name: `db_password x`, `token = x`. Then plain words are also masked. */
  isValue: boolean;
  /** The word belongs to a command line of a shell. */
  inShell: boolean;
  /** Number of quotes around the word. */
  depth: number;
}

/** Masks free text or a command line: values of options and of `name=value`, URLs, words that look like tokens. */
export function maskWords(text: string, names: Names, depth = 0): string {
  let out = '';
  let from = 0;
  let isFirst = true;
  let place: Place = { option: null, afterSecret: false, isValue: false, inShell: false, depth };
  while (from < text.length) {
    WORD.lastIndex = from;
    const [all, gap = '', word = ''] = WORD.exec(text) ?? [];
    if (all === undefined) break;
    from += all.length;
    const value = headerValueAt(word, names);
    const rest = value === null ? '' : word.slice(value) + text.slice(from);
    if (value !== null && rest.trim() !== '') {
      const blanks = rest.slice(0, rest.length - rest.trimStart().length);
      return `${out}${gap}${maskPlace(word.slice(0, value - 1), place, names)}:${blanks}${MASK}`;
    }
    const inShell = (place.inShell && !isFirst) || (isFirst && SHELL.test(word));
    out += gap + maskPlace(word, { ...place, inShell }, names);
    place = { ...placeAfter(word, place, names), inShell };
    isFirst = SEPARATOR.test(word) || word.endsWith(';') || (isFirst && ASSIGNMENT.test(word));
  }
  return out + text.slice(from);
}

/** A word that can be a name, in brackets and quotes. */
const WHOLE_NAME = pattern(/^[{[(,]*["']?([\w.-]+)["']?$/, String.raw`^[{[(,]*["']?([\p{L}\p{N}_.-]+)["']?$`);

function placeAfter(word: string, { option, afterSecret, depth }: Place, names: Names): Place {
  const next = { option: null, afterSecret: false, isValue: false, inShell: false, depth };
  if (afterSecret && ASSIGNED.test(word)) return { ...next, afterSecret, isValue: true };
  if (isOption(word)) return { ...next, option: /^--?[\w.-]+$/.test(word) ? word : null };
  const [, name = ''] = WHOLE_NAME(word).exec(word) ?? [];
  const isSecret = SCHEMES.test(name) || (name !== '' && names.verdict(name) === 'secret');
  return { ...next, afterSecret: option === null && isSecret, isValue: /[_-]/.test(name) };
}

function isOption(word: string): boolean {
  return OPTION(word).test(word);
}

const OPTION = pattern(/^--?[A-Za-z]/, String.raw`^--?\p{L}`);

const WHOLE_QUOTES = /^(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*')$/;

/** A name at the end of a text, with the quotes after it. */
const LAST_NAME = pattern(/([\w.-]+)\\?["']?$/, String.raw`([\p{L}\p{N}_.-]+)\\?["']?$`);

/** Returns where the value starts in `Cookie:value` or `"token":"value"`. `null` without the name of a secret. */
function headerValueAt(word: string, names: Names): number | null {
  // The value of a quoted header ends with the quotes: `maskQuoted` masks it.
  if (WHOLE_QUOTES.test(word)) return null;
  for (let colon = word.indexOf(':'); colon >= 0; colon = word.indexOf(':', colon + 1)) {
    // `auth:8000` is an address and `auth.py:12` is a line of a file, but `"pin":1234` is a value.
    if (
      !/["']/.test(word.charAt(colon - 1)) &&
      /^(?:\/\/|\d{1,5}(?!\w))/.test(word.slice(colon + 1, colon + 8))
    )
      continue;
    const before = word.slice(Math.max(0, colon - 64), colon);
    const [, name = ''] = LAST_NAME(before).exec(before) ?? [];
    if (name !== '' && names.verdict(name) === 'secret') return colon + 1;
  }
  return null;
}

function maskPlace(word: string, place: Place, names: Names): string {
  const { option } = place;
  if (option !== null && hidesNext(option, names)) {
    // Another option is not the value of this option.
    if (/^--?[a-z][a-z-]*$/.test(word)) return maskOption(word, names);
    return SHORT_SECRETS.has(option) && /^\d{1,5}$/.test(word) ? word : MASK;
  }
  if (isOption(word)) return maskOption(word, names);
  if (option !== null) {
    // The value of `-c` or `-lc` of a shell is a command.
    if (place.inShell && /^-\w*c$/.test(option)) return maskPositional(word, place, names);
    return maskValue(option, word, names);
  }
  if (place.afterSecret && (place.isValue || !isProse(word, 5))) return maskAfterSecret(word, place, names);
  return maskPositional(word, place, names);
}

function hidesNext(option: string, names: Names): boolean {
  return SHORT_SECRETS.has(option) || names.verdict(option) === 'secret';
}

/** Masks the word after the name of a secret. Punctuation, as in a sentence, is not a value. */
function maskAfterSecret(word: string, place: Place, names: Names): string {
  return ALPHANUMERIC(word).test(word) || word === '' ? MASK : maskPositional(word, place, names);
}

const ALPHANUMERIC = pattern(/[A-Za-z\d]/, String.raw`[\p{L}\p{N}]`);

/** Masks an option with an attached value: `--name=value`, `-ppw`, `-uuser:pw`. */
function maskOption(word: string, names: Names): string {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  if (/^--[\w.:-]+$/.test(name) && !isToken(name)) {
    return equals < 0 ? word : `${name}=${maskValue(name, word.slice(equals + 1), names)}`;
  }
  if (word.startsWith('--')) return MASK;
  const letter = word.slice(0, 2);
  const glued = word.slice(2);
  if (glued === '') return word;
  if (equals > 1 && /^-[\w.-]+$/.test(name)) {
    // `-Dname=value`
    const isSecret = GLUED_SECRET.test(letter) || names.verdict(name.slice(2)) === 'secret';
    return `${name}=${isSecret ? MASK : maskValue(name, word.slice(equals + 1), names)}`;
  }
  if (GLUED_SECRET.test(letter) && !/^\d{1,5}$/.test(glued)) return letter + MASK;
  return letter + maskValue(letter, glued, names);
}

const PATH = /^(?:~|\.{1,2})?\/[^\s"'\\=@]*$/;
const RELATIVE_PATH = /^[\w.-]+(?:\/[\w.-]+)+\/?$/;
const ADDRESS = /^(?:[\w.-]+|\[[\da-f:.]+\])?:\d{1,5}$/i;
const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

/** Masks the value of an option or an environment variable. */
function maskValue(name: string, value: string, names: Names): string {
  const verdict = names.verdict(name);
  if (verdict === 'shown') return value;
  const [, quote = '', inner = value] = /^(["'])([^"'\\]*)\1$/.exec(value) ?? [];
  if (value === '' || inner === '') return value;
  if (verdict === 'secret') return MASK;
  // A quoted command can contain options.
  if (isPlain(inner)) return /\s/.test(inner) ? quote + maskWords(inner, names, DEEPEST) + quote : value;
  if (ADDRESS.test(inner) && !isToken(inner)) return value;
  if (PATH.test(inner) || SCHEME.test(inner)) return quote + maskUrl(inner, names) + quote;
  // Base64 text can also contain slashes.
  if (RELATIVE_PATH.test(inner)) return maskUrl(inner, names) === inner ? value : MASK;
  return MASK;
}

/** A login of Oracle tools: `ann/pw@db`. `x/y@2.0` contains a version and is not a login. */
const USER_AND_PASSWORD = /^[\w.-]+\/[^/@]+(@(?!v?\d)[\w.:/-]*)$/;

const QUOTED = /(["'])((?:\\[\s\S]|(?!\1)[^\\])*)(\1?)/g;

function maskPositional(word: string, place: Place, names: Names): string {
  // Charts of ASCII characters, and separators.
  if (!ALPHANUMERIC(word).test(word)) return word;
  const [assignment] = ASSIGNMENT.exec(word) ?? [];
  if (assignment) {
    if (/^[^?/"']*&/.test(word)) return maskQuery(word, names);
    return assignment + maskValue(assignment.slice(0, -1), word.slice(assignment.length), names);
  }
  if (/["']/.test(word)) return maskQuoted(word, place, names);
  const [, host] = USER_AND_PASSWORD.exec(word) ?? [];
  if (host !== undefined) return MASK + host;
  if (/[/?=]/.test(word) || isEncoded(word)) return maskUrl(word, names);
  return maskUserInfo(word).replace(/[^,;()[\]{}<>|]+/g, (piece) => (isToken(piece) ? MASK : piece));
}

/** Masks each quoted text, and each text between the quotes, separately. */
function maskQuoted(word: string, { depth }: Place, names: Names): string {
  if (depth >= DEEPEST) return MASK;
  let out = '';
  let from = 0;
  for (const found of word.matchAll(QUOTED)) {
    const [all, open = '', inner = '', close = ''] = found;
    out +=
      maskWords(word.slice(from, found.index), names, DEEPEST) +
      open +
      maskWords(inner, names, depth + 1) +
      close;
    from = found.index + all.length;
  }
  return out + maskWords(word.slice(from), names, DEEPEST);
}
