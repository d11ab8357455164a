import { decoded } from './decode.ts';

/**
 * Letters that a name of a secret has in it. Case, accents, digits, `-` and `_` do not count, so `X-Api-Key`, `apiKey`
 * and `API_KEY2` are one name.
 */
const PARTS: readonly string[] = [
  ...[
    'cookie',
    'authoriz',
    'authentic',
    'credential',
    'signature',
    'assertion',
    'saml',
    'jwt',
    'hmac',
    'csrf',
    'xsrf',
  ],
  ...[
    'passw',
    'pasword',
    'pswd',
    'passphrase',
    'passcode',
    'pwd',
    'secret',
    'token',
    'session',
    'sessid',
    'pincode',
    'licensekey',
  ],
  ...[
    'apikey',
    'accesskey',
    'privatekey',
    'authcode',
    'accesscode',
    'resetcode',
    'securitycode',
    'verificat',
    'verifier',
    'mnemonic',
    'license',
    'licence',
  ],
  ...[
    'devicecode',
    'usercode',
    'invitecode',
    'oobcode',
    'promocode',
    'couponcode',
    'vouchercode',
    'backupcode',
    'recoverycode',
  ],
  ...['cardnumber', 'giftcard', 'creditcard', 'accountnumber'],
  // Passwords and secrets in other languages.
  ...[
    'senha',
    'contrasen',
    'motdepasse',
    'motpasse',
    'kennwort',
    'losungswort',
    'geheim',
    'wachtwoord',
    'losenord',
  ],
  ...['passord', 'adgangskode', 'salasana', 'parol', 'jelszo', 'lozinka', 'katasandi'],
  ...['matkhau', 'slaptazodis', 'kodeord', 'segreto', 'secreto', 'segredo', 'tajne', 'bimilbeonho'],
  ...[
    'пароль',
    'секрет',
    'κωδικος',
    'סיסמה',
    'كلمةالمرور',
    '密码',
    '密碼',
    '口令',
    'パスワード',
    '비밀번호',
    'रहस्य',
  ],
];

/** Whole words of such a name: `my_key_2` has `key` in it, `monkey` does not. */
const WORDS: ReadonlySet<string> = new Set([
  ...[
    'key',
    'keys',
    'pass',
    'pw',
    'psw',
    'auth',
    'bearer',
    'sid',
    'sess',
    'sig',
    'otp',
    'totp',
    'mfa',
    'pin',
    'puk',
  ],
  ...[
    'tan',
    'tkt',
    'ticket',
    'cvv',
    'cvc',
    'csc',
    'ssn',
    'iban',
    'cred',
    'creds',
    'nonce',
    'salt',
    'seed',
    'hash',
  ],
  ...['haslo', 'heslo', 'sifre', 'mima'],
  ...[
    'clave',
    'mdp',
    'chave',
    'chiave',
    'sleutel',
    'klucz',
    'klic',
    'sandi',
    'kunci',
    'avain',
    'pan',
    'ключ',
  ],
]);

/** Names that are secrets when nothing else is in them: `code` of OAuth, but not `country_code`. */
const WHOLE: ReadonlySet<string> = new Set(['code', 'otc', 'ott']);

/** What the name alone says about a value. */
export type Verdict = 'shown' | 'secret' | 'unknown';

/** Decides by names. */
export interface Names {
  /** @param name of a variable, parameter, header or option, possibly percent-encoded */
  verdict(name: string): Verdict;
  /** Whether the user wants the name to be masked. */
  isMasked(name: string): boolean;
}

/** A longer name is not one that can be judged. */
const LONGEST_NAME = 200;

/**
 * @param more parts of names that are secrets too; they have the last word
 * @param shown names whose values are always shown
 */
export function createNames(more: readonly string[], shown: readonly string[]): Names {
  const hidden = more.map(joined);
  const revealed = new Set(shown.map(canonical));
  const isMasked = (name: string) => hidden.length > 0 && hidden.some((part) => joined(name).includes(part));
  return {
    isMasked,
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

/** A line can have the same name in it a thousand times. */
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

/** As `--mask` compares: `account-id` is `ACCOUNT_ID` and `accountId`. */
function joined(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** As `--show` compares: `X-Tenant` is `HTTP_X_TENANT` and `--x-tenant`. */
function canonical(name: string): string {
  return name
    .toLowerCase()
    .replace(/^-+/, '')
    .replaceAll('-', '_')
    .replace(/^http_/, '');
}

const PART = new RegExp(PARTS.map((part) => simple(part)).join('|'), 'u');

function isSecret(name: string): boolean {
  const letters = simple(name.toLowerCase());
  if (WHOLE.has(letters) || PART.test(letters)) return true;
  const words = simple(name, ' ').match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+/gu) ?? [];
  return words.some((word) => WORDS.has(word.toLowerCase()));
}

/** Letters that Unicode does not take apart. */
const UNACCENTED: Readonly<Record<string, string>> = { Ł: 'L', ł: 'l', Ø: 'O', ø: 'o', Đ: 'D', đ: 'd' };

/** Without accents, and with everything that is no letter replaced. */
function simple(name: string, by = ''): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ŁłØøĐđ]/g, (letter) => UNACCENTED[letter] ?? letter)
    .replace(/\P{L}+/gu, by);
}
