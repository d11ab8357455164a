import { decoded, isEncoded } from './decode.ts';
import { isAscii, marks, pattern } from './letters.ts';

/**
 * Distinguishes words from tokens. Every check examines a limited number of characters, because clients choose the
 * texts.
 */

/**
 * For each letter, the letters that follow it in at least one of 1000 pairs of letters. Source of the pairs: English,
 * Dutch, French, German, Italian, Polish, Portuguese, Spanish and Swedish words, and names of program files.
 */
const FOLLOWERS: ReadonlyMap<string, string> = new Map(
  [
    ...[
      'abcdfghijklmnoprstuvwyz',
      'abeijlorsuy',
      'acehiklorstuyz',
      'adeilnorsuz',
      'abcdefghijklmnopqrstuvwxyz',
    ],
    ...['aefilortu', 'aeghilnorstu', 'aeilmnorstuw', 'abcdefgjklmnopqrstuvxz', 'aeosu', 'aeilnorstuv'],
    ...['adehijlmnostuy', 'abeilmopsuy', 'abcdefghiknostuvyz', 'abcdefgiklmnoprstuvwz', 'aefhiloprstuy', 'u'],
    ...['abcdefghiklmnorstuvyz', 'abcefghiklmnopstuvyz', 'acefhijlnoprstuyz', 'abcdefghijklmnprst', 'aeios'],
    ...['aeiorsy', 'mopt', 'bckmpswz', 'aeinouyz'],
  ].map((followers, place) => [String.fromCharCode(97 + place), followers]),
);

/** Maximum characters of a word. A longer text without blanks or path separators counts as a token. */
const LONGEST_WORD = 256;

/** Numbers of characters outside words from which a text is a token: in one part, and in all parts. */
const ODD_PART = 13;
const ODD_SUM = 16;

const UUID = /(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])/gi;
const COMPACT_DATE = /(?<![0-9a-z])(?:19|20)\d{6}T\d{6}Z?(?![0-9a-z])/gi;
const IP6 =
  /^\[?(?=[^:]*:[^:]*:)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:%\w{1,15})?(?:[0-9.]{4,15})?\]?(?::\d{1,5})?$/i;

/** Prefixes of the tokens of well-known services. */
const KNOWN = new RegExp(
  `(?<![A-Za-z0-9])(?:${[
    'eyJ[\\w-]{6}',
    '[srp]k_(?:live|test)_',
    'gh[pousr]_',
    'github_pat_',
    'gl(?:pat|dt|rt)-',
    'xox[abeprs]-',
    'A(?:KIA|SIA)[A-Z0-9]{12}',
    'AIza',
    'ya29\\.',
    'whsec_',
    'hvs\\.',
  ].join('|')})`,
);

/** A bank card or account number in groups of digits: `4111-1111-1111-1111`. */
const GROUPED = /(?<![\da-z])(?:(?:[a-z]{2}\d{2}|\d{4})(?:[ +-]\d{4}){3}|\d{4}[ +-]\d{6}[ +-]\d{5}(?!\d))/i;

/** Whether a text contains a token with the prefix of a well-known service. */
export function hasKnownToken(text: string): boolean {
  return KNOWN.test(text);
}

/** Whether a text without blanks, such as a path segment or a word, contains a token. */
export function isToken(text: string): boolean {
  if (text.length < 7) return false;
  if (text.length > LONGEST_WORD) return true;
  if (hasKnownToken(text) || GROUPED.test(text)) return true;
  if (IP6.test(text)) return false;
  const parts = text.replace(UUID, ' ').replace(COMPACT_DATE, ' ').match(PART(text)) ?? [];
  let sum = 0;
  for (const part of parts) {
    if (isNatural(part)) continue;
    const odd = part.length * (MIXED_CASE.test(part) ? 2 : 1);
    if (odd >= ODD_PART) return true;
    sum += odd;
  }
  return sum >= ODD_SUM;
}

const PART = pattern(/[A-Za-z\d]+/g, String.raw`[\p{L}\p{M}\p{N}]+`);

/** Lower and upper case in a part that is not a word. Such a part counts double. */
const MIXED_CASE = /^(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])/;

/** Whether a part is a word, a number, or both, as in `python3`, `2nd`, `mp4` or `x86`. */
function isNatural(part: string): boolean {
  if (/^\d+$/.test(part)) return part.length <= 13 || /^(?:19|20)\d{12}$/.test(part);
  const runs = part.match(/\d+|\D+/g) ?? [];
  const [first = ''] = runs;
  if (runs.length === 1) return isWord(first);
  if (runs.length > 3 || (runs.length === 3 && part.length > 12)) return false;
  const digits = runs.reduce((sum, run) => sum + (/^\d/.test(run) ? run.length : 0), 0);
  return digits <= 8 && runs.every((run) => /^\d/.test(run) || isWord(run));
}

const HUMPS = pattern(
  /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+/g,
  String.raw`\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[^\p{Lu}\p{Ll}]+`,
);

/** Whether letters look like a word, or like words in camel case. */
function isWord(letters: string): boolean {
  if (letters.length > 40) return false;
  const humps = letters.match(HUMPS(letters)) ?? [];
  if (humps.length > 1 + letters.length / 5) return false;
  if (letters.length < 5 || (humps.length === 1 && letters.length <= 8)) return true;
  const rare = humps.reduce((sum, hump) => sum + rarePairs(hump), 0);
  return rare <= 1 + Math.floor(letters.length / 10);
}

function rarePairs(word: string): number {
  const plain = isAscii(word) ? word : word.normalize('NFKD').replace(marks(), '');
  const letters = plain.toLowerCase();
  let rare = 0;
  for (let place = 1; place < letters.length; place++) {
    const followers = FOLLOWERS.get(letters.charAt(place - 1));
    const follower = letters.charAt(place);
    if (followers && follower >= 'a' && follower <= 'z' && !followers.includes(follower)) rare += 1;
  }
  return rare;
}

const LONGEST_VALUE = 40;
const LONGEST_VALUE_WORD = 24;
const MOST_WORDS = 8;

const PLAIN = pattern(/^[\w .,+*~-]*$/, String.raw`^[\p{L}\p{M}\p{N} _.,+*~-]*$`);
const CLOCK = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?';
const TIME = new RegExp(
  `^(?:(?:\\d{4}-\\d{1,2}-\\d{1,2}|\\d{1,2}[/.]\\d{1,2}[/.]\\d{4})(?:[T +]${CLOCK}(?:Z|[ +-]\\d{2}:?\\d{2})?)?|${CLOCK}|(?:19|20)\\d{6}T\\d{6}Z?)$`,
  'i',
);

/** Whether a value is a number, a date, an address or a few short words, which are unlikely to be a secret. */
export function isPlain(value: string): boolean {
  if (value.length > LONGEST_VALUE * 3) return false;
  const text = decoded(value);
  if (text.length > LONGEST_VALUE || isEncoded(text)) return false;
  if (TIME.test(text) || IP6.test(text)) return true;
  // In a path a UUID is an identifier, but as a value it can be a session ID.
  if (!PLAIN(text).test(text) || isToken(text) || text.search(UUID) >= 0) return false;
  const words = text.match(PART(text)) ?? [];
  return (
    words.length <= MOST_WORDS && words.every((word) => word.length <= LONGEST_VALUE_WORD && isNatural(word))
  );
}

/** Whether a text consists of words without digits and of numbers with at most `digits` digits. */
export function isProse(text: string, digits: number): boolean {
  return (
    isPlain(text) &&
    (text.match(PART(text)) ?? []).every(
      (part) => !/\d/.test(part) || (/^\d+$/.test(part) && part.length <= digits),
    )
  );
}
