import { rare } from '../rare.ts';
import { decoded } from './decode.ts';
import { isAscii, marks, pattern } from './letters.ts';

/**
 * Sequences of letters that mark the name of a password. Case, accents, digits, `-` and `_` are ignored: `Pass-Word`,
 * `passWord` and `PASS_WORD2` are equal.
 */
const PASSWORDS: readonly string[] = [
  ...['passw', 'pasword', 'pswd', 'passphrase', 'passcode', 'pwd', 'pincode'],
  // In other languages.
  ...['senha', 'contrasen', 'motdepasse', 'motpasse', 'kennwort', 'losungswort', 'wachtwoord', 'losenord'],
  ...['passord', 'adgangskode', 'salasana', 'parol', 'jelszo', 'lozinka', 'katasandi', 'matkhau'],
  ...['slaptazodis', 'kodeord', 'bimilbeonho', 'пароль', 'κωδικος', 'סיסמה', 'كلمةالمرور'],
  ...['密码', '密碼', '口令', 'パスワード', '비밀번호'],
];

/** Sequences of letters that mark the name of a secret. */
const PARTS: readonly string[] = [
  ...PASSWORDS,
  ...['cookie', 'authoriz', 'authoris', 'authentic', 'credential', 'signature', 'assertion', 'saml', 'jwt'],
  ...['hmac', 'csrf', 'xsrf', 'secret', 'token', 'session', 'sessid', 'licensekey', 'apikey', 'accesskey'],
  ...['privatekey', 'authcode', 'accesscode', 'resetcode', 'securitycode', 'verificat', 'verifier'],
  ...['mnemonic', 'license', 'licence', 'devicecode', 'usercode', 'invitecode', 'oobcode', 'promocode'],
  ...['couponcode', 'vouchercode', 'backupcode', 'recoverycode'],
  ...['cardnumber', 'giftcard', 'creditcard', 'accountnumber'],
  // In other languages.
  ...['geheim', 'segreto', 'secreto', 'segredo', 'tajne', 'секрет', 'रहस्य'],
];

/** Whole words that mark the name of a password. */
const PASSWORD_WORDS: ReadonlySet<string> = new Set([
  ...['pass', 'pw', 'psw', 'pin', 'puk', 'cvv', 'cvc', 'csc'],
  ...['haslo', 'heslo', 'sifre', 'mima', 'clave', 'mdp'],
]);

/** Whole words that mark the name of a secret: `my_key_2` contains the word `key`, `monkey` does not. */
const WORDS: ReadonlySet<string> = new Set([
  ...PASSWORD_WORDS,
  ...['key', 'keys', 'auth', 'bearer', 'sid', 'sess', 'sig', 'otp', 'totp', 'mfa', 'tan', 'tkt', 'ticket'],
  ...['ssn', 'iban', 'pan', 'cred', 'creds', 'nonce', 'salt', 'seed', 'hash'],
  ...['chave', 'chiave', 'sleutel', 'klucz', 'klic', 'sandi', 'kunci', 'avain', 'ключ'],
]);

/** Ordinary words that end like the name of a secret. */
const ORDINARY = new RegExp(
  `^(?:${[
    '(?:by|com|kom|encom|sur|tres|over|under|low|high|band|ask)pass',
    '(?:mon|don|tur|hoc|joc|whis|lac|mic|smo|malar|flun|ho|po|o|turn|hot|latch)keys?',
    'x?oauth',
  ].join('|')})$`,
);

/** Compounds without a separator, such as `requirepass`, `authkey` or `rootpw`, but not `author` and `authority`. */
const COMPOUND = /(?:keys?|auth|otp|creds)$|^auth(?!or)/;
const PASSWORD_COMPOUND = /(?:pass|psw|pw)$/;

/** Complete names of secrets: `code` of OAuth, but not `country_code`. */
const WHOLE: ReadonlySet<string> = new Set(['code', 'otc', 'ott']);

/** The classification of a value by its name only. */
export type Verdict = 'shown' | 'secret' | 'unknown';

/** Classifies values by their names. */
export interface Names {
  /** @param name name of a variable, parameter, header or option, possibly percent-encoded */
  verdict(name: string): Verdict;
  /** Whether the user has specified the name, or a part of it, with `--mask`. */
  isMasked(name: string): boolean;
  /**
   * Whether even a short number after the name of a secret is a secret. After other names it can be a port, as in
   * `auth:8000`.
   */
  hidesNumbers(name: string): boolean;
}

/** Maximum characters of a name. A longer name counts as that of a secret, without a check. */
const LONGEST_NAME = 200;

/**
 * Creates the classifier of names.
 *
 * @param more additional parts of names of secrets; they take precedence over `shown`
 * @param shown names whose values are shown; they take precedence over the built-in names of secrets
 */
export function createNames(more: readonly string[], shown: readonly string[]): Names {
  const hidden = more.map(joined);
  const revealed = new Set(shown.map(canonical));
  const isMasked = (name: string) => hidden.length > 0 && hidden.some((part) => joined(name).includes(part));
  return {
    isMasked,
    hidesNumbers: (name) => name.length > LONGEST_NAME || isMasked(name) || endsLikePassword(decoded(name)),
    verdict: memoized((name) => {
      if (name.length > LONGEST_NAME) return 'secret';
      const plain = decoded(name);
      if (isMasked(plain)) return 'secret';
      if (revealed.has(canonical(plain))) return 'shown';
      return isSecret(plain) ? 'secret' : 'unknown';
    }),
  };
}

const MOST_MEMOIZED = 500;

/** Memoizes decisions, because one line can contain the same name a thousand times. */
function memoized(decide: (name: string) => Verdict): (name: string) => Verdict {
  const known = new Map<string, Verdict>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const verdict = decide(name);
    if (name.length > LONGEST_NAME) return verdict;
    if (known.size >= MOST_MEMOIZED) known.clear();
    known.set(name, verdict);
    return verdict;
  };
}

/** Normalizes a name for `--mask`: `account-id`, `ACCOUNT_ID` and `accountId` are equal. */
function joined(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Normalizes a name for `--show`: `X-Tenant`, `HTTP_X_TENANT` and `--x-tenant` are equal. */
function canonical(name: string): string {
  return name
    .toLowerCase()
    .replace(/^-+/, '')
    .replaceAll('-', '_')
    .replace(/^http_/, '');
}

/** Only names that are not ASCII can contain the parts that are not ASCII. */
const PART = pattern(new RegExp(anyOf(PARTS.filter(isAscii))), () => anyOf(PARTS));

/** A part of the name of a password, and its last letters. */
const PASSWORD_END = pattern(
  new RegExp(`(?:${anyOf(PASSWORDS.filter(isAscii))})[A-Za-z]{0,3}$`),
  () => `(?:${anyOf(PASSWORDS)})\\p{L}{0,3}$`,
);

function anyOf(parts: readonly string[]): string {
  return parts.map((part) => simple(part)).join('|');
}

function isSecret(name: string): boolean {
  const letters = simple(name.toLowerCase());
  if (WHOLE.has(letters) || PART(letters).test(letters)) return true;
  return wordsOf(name).some((word) => WORDS.has(word) || (isCompound(word) && !ORDINARY.test(word)));
}

function isCompound(word: string): boolean {
  return COMPOUND.test(word) || PASSWORD_COMPOUND.test(word);
}

/** Whether a name ends like that of a password: `db.password`, but not `password.py` or `password-service`. */
function endsLikePassword(name: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const letters = simple(last.toLowerCase());
  const word = wordsOf(last).at(-1) ?? '';
  return (
    PASSWORD_END(letters).test(letters) ||
    PASSWORD_WORDS.has(word) ||
    (PASSWORD_COMPOUND.test(word) && !ORDINARY.test(word))
  );
}

function wordsOf(name: string): string[] {
  const spaced = simple(name, ' ');
  return (spaced.match(HUMPS(spaced)) ?? []).map((word) => word.toLowerCase());
}

/** The words in letters, with those of camel case. */
const HUMPS = pattern(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g, String.raw`\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+`);

/** Letters with a stroke, which NFKD does not decompose. */
const UNACCENTED: Readonly<Record<string, string>> = { Ł: 'L', ł: 'l', Ø: 'O', ø: 'o', Đ: 'D', đ: 'd' };

const notLetters = rare(String.raw`\P{L}+`, 'gu');

/** Removes accents, and replaces each sequence of other characters than letters with `by`. */
function simple(name: string, by = ''): string {
  if (isAscii(name)) return name.replace(/[^A-Za-z]+/g, by);
  return name
    .normalize('NFKD')
    .replace(marks(), '')
    .replace(/[ŁłØøĐđ]/g, (letter) => UNACCENTED[letter] ?? letter)
    .replace(notLetters(), by);
}
