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
const SHELL = /^(?:ba|da|a|z|k)?sh$/;
const SEPARATOR = /^(?:[;&|]+|[({])$/;
/** Separators between a name and its value. */
const ASSIGNED = /^(?:[:=]=?|=>)$/;
const ASSIGNMENT = /^[A-Za-z_][\w.-]*=/;

/** Options that take a password in some programs. */
const SHORT_SECRETS = new Set(['-p', '-P', '-a', '-w']);
/** Of these, options that take a port or a count in other programs. Numbers of up to five digits are shown. */
const PORT_OR_COUNT = /^-[pPw]$/;
/** Programs in which these options take a password. Numbers are also masked. */
const PASSWORD_OPTION = /^(?:(?:sshpass|mysql\w*|mariadb[\w-]*|mongo\w*) -p|ldap\w+ -w)$/;
/** The same programs. They can follow others, such as `sudo` and `docker exec`. */
const PASSWORD_PROGRAM = /^(?:sshpass|mysql\w*|mariadb[\w-]*|mongo\w*|ldap\w+)$/;

/** Options and variables of a user, whose password can follow the name: `admin:12345` is not an address. */
const USER = /^-[uUA]$|(?:user|username|login)$/i;

/** A user and a group by their numbers, as in `docker exec -u 1000:1000`. */
const IDS = /^\d{1,5}:\d{1,5}$/;

/** The context of a word, from the preceding words. */
interface Place {
  /** The preceding option. The word can be its value. */
  option: string | null;
  /** The preceding word is one such as `Bearer` or `password`. */
  afterSecret: boolean;
  /** Maximum digits of a number that is shown after such a word. */
  digits: number;
  /** The preceding word can only be a name: `db_password x`, `token = x`. Then plain words are also masked. */
  isValue: boolean;
  /** The program of the command line that the word belongs to. Empty if its name is long. */
  program: string;
  /** Number of quotes around the word. */
  depth: number;
}

/** Masks free text or a command line: values of options and of `name=value`, URLs, words that look like tokens. */
export function maskWords(text: string, names: Names, depth = 0): string {
  let out = '';
  let from = 0;
  let isFirst = true;
  let program = '';
  let place: Place = { ...NOWHERE, depth };
  while (from < text.length) {
    WORD.lastIndex = from;
    const [all, gap = '', word = ''] = WORD.exec(text) ?? [];
    if (all === undefined) break;
    from += all.length;
    const name = programOf(word);
    if (isFirst || PASSWORD_PROGRAM.test(name)) program = name;
    const here = { ...place, program };
    const value = headerValueAt(word, names);
    const rest = value === null ? '' : word.slice(value) + text.slice(from);
    if (value !== null && rest.trim() !== '') {
      const blanks = rest.slice(0, rest.length - rest.trimStart().length);
      return `${out}${gap}${maskPlace(word.slice(0, value - 1), here, names)}:${blanks}${MASK}`;
    }
    out += gap + maskPlace(word, here, names);
    place = placeAfter(word, place, names);
    isFirst = SEPARATOR.test(word) || word.endsWith(';') || (isFirst && ASSIGNMENT.test(word));
  }
  return out + text.slice(from);
}

const NOWHERE: Place = {
  option: null,
  afterSecret: false,
  digits: 5,
  isValue: false,
  program: '',
  depth: 0,
};

const LONGEST_PROGRAM = 20;

function programOf(word: string): string {
  const name = word.slice(word.lastIndexOf('/') + 1);
  return name.length > LONGEST_PROGRAM ? '' : name;
}

/** A word that can be a name, in brackets and quotes. */
const WHOLE_NAME = pattern(/^[{[(,]*["']?([\w.-]+)["']?$/, String.raw`^[{[(,]*["']?([\p{L}\p{N}_.-]+)["']?$`);

function placeAfter(word: string, { option, afterSecret, depth }: Place, names: Names): Place {
  const next = { ...NOWHERE, depth };
  if (afterSecret && ASSIGNED.test(word)) return { ...next, afterSecret, isValue: true };
  if (isOption(word)) return { ...next, option: /^--?[\w.-]+$/.test(word) ? word : null };
  const [, name = ''] = WHOLE_NAME(word).exec(word) ?? [];
  const isSecret = SCHEMES.test(name) || (name !== '' && names.verdict(name) === 'secret');
  if (option !== null || !isSecret) return next;
  return { ...next, afterSecret: true, digits: names.hidesNumbers(name) ? 0 : 5, isValue: /[_-]/.test(name) };
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
    const before = word.slice(Math.max(0, colon - 64), colon);
    const after = word.slice(colon + 1, colon + 8);
    const isQuoted = /["']$/.test(before);
    if (!isQuoted && after.startsWith('//')) continue;
    const [, name = ''] = LAST_NAME(before).exec(before) ?? [];
    if (name === '' || names.verdict(name) !== 'secret') continue;
    // `auth:8000` is an address and `auth.py:12` is a line of a file, but `"pin":1234` is a value.
    if (isQuoted || !/^\d{1,5}(?!\w)/.test(after) || names.hidesNumbers(name)) return colon + 1;
  }
  return null;
}

function maskPlace(word: string, place: Place, names: Names): string {
  const { option } = place;
  if (option !== null && hidesNext(option, names)) {
    // Another option is not the value of this option.
    if (/^--?[a-z][a-z-]*$/.test(word)) return maskOption(word, place, names);
    return isNumber(option, word, place) ? word : MASK;
  }
  if (isOption(word)) return maskOption(word, place, names);
  if (option !== null) {
    // The value of `-c` or `-lc` of a shell is a command.
    if (SHELL.test(place.program) && /^-\w*c$/.test(option)) return maskPositional(word, place, names);
    return maskValue(option, word, names);
  }
  if (place.afterSecret && (place.isValue || !isProse(word, place.digits)))
    return maskAfterSecret(word, place, names);
  return maskPositional(word, place, names);
}

function hidesNext(option: string, names: Names): boolean {
  return SHORT_SECRETS.has(option) || names.verdict(option) === 'secret';
}

/** Whether the value of an option is a port or a count, in spite of the option. */
function isNumber(option: string, value: string, { program }: Place): boolean {
  return (
    PORT_OR_COUNT.test(option) && /^\d{1,5}$/.test(value) && !PASSWORD_OPTION.test(`${program} ${option}`)
  );
}

/** Masks the word after the name of a secret. Punctuation, as in a sentence, is not a value. */
function maskAfterSecret(word: string, place: Place, names: Names): string {
  return ALPHANUMERIC(word).test(word) || word === '' ? MASK : maskPositional(word, place, names);
}

const ALPHANUMERIC = pattern(/[A-Za-z\d]/, String.raw`[\p{L}\p{N}]`);

/** Masks an option with an attached value: `--name=value`, `-ppw`, `-uuser:pw`. */
function maskOption(word: string, place: Place, names: Names): string {
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
    const isSecret = PORT_OR_COUNT.test(letter) || names.verdict(name.slice(2)) === 'secret';
    return `${name}=${isSecret ? MASK : maskValue(name, word.slice(equals + 1), names)}`;
  }
  // `-wVALUE` is a module or a width in most programs.
  const isPassword =
    letter === '-w'
      ? PASSWORD_OPTION.test(`${place.program} ${letter}`)
      : PORT_OR_COUNT.test(letter) && !isNumber(letter, glued, place);
  if (isPassword) return letter + MASK;
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
  if (ADDRESS.test(inner) && (!USER.test(name) || IDS.test(inner)) && !isToken(inner)) return value;
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
