import { createNames } from './secrets/names.ts';
import { maskSource } from './secrets/source.ts';
import { hasKnownToken } from './secrets/tokens.ts';
import { MASK, maskQuery, maskUrl } from './secrets/urls.ts';
import { type Rule, VARIABLES } from './secrets/variables.ts';
import { maskWords } from './secrets/words.ts';

/**
 * Masks the secrets of a document. uWSGI publishes the variables of running requests and the command lines of daemons,
 * including secrets. Everything that is not known to be harmless is masked. Masking takes time in proportion to the
 * length of a text: use `boundedMask` for texts that can be long.
 */
export interface Mask {
  /** Masks free text or a command line. It recognizes URLs, options and `name=value`. */
  text(text: string): string;
  /** Masks the value of a request variable: the whole value, unless the variable is known. */
  variable(name: string, value: string): string;
  /** Masks a line of source code. */
  source(line: string): string;
}

/** Masks nothing. */
export const NO_MASK: Mask = {
  text: (text) => text,
  variable: (_, value) => value,
  source: (line) => line,
};

/** Names that the user specifies with `--mask` and `--show`. */
export interface GivenNames {
  /** Additional parts of names of secrets. They take precedence over all other rules. */
  mask?: readonly string[] | undefined;
  /** Variables, parameters and options whose values are shown. */
  show?: readonly string[] | undefined;
}

/** Creates a mask from the built-in rules and the names that the user specifies. */
export function createMask({ mask = [], show = [] }: GivenNames = {}): Mask {
  const names = createNames(mask, show);
  const text = remembered((text) => maskWords(text, names));
  /**
   * Whether an identifier contains a secret. Clients can choose it: `Root=1-2;Self=3` is harmless, `token=abc` is not.
   */
  const isSecretId = (value: string) =>
    hasKnownToken(value) ||
    [...value.matchAll(/([\w.-]+)[=:]/g)].some(([, name = '']) => names.verdict(name) === 'secret');
  const url = remembered((text) => maskUrl(text, names));
  const rules: Readonly<Record<Rule, (value: string) => string>> = {
    text,
    url,
    query: (value) => maskQuery(value, names),
    id: (value) => (IDENTIFIER.test(value) && !isSecretId(value) ? value : text(value)),
  };
  return {
    text,
    variable(name, value) {
      if (value === '') return value;
      if (names.isMasked(name)) return MASK;
      if (names.verdict(name) === 'shown') return value;
      // The built-in names of secrets do not apply to known variables such as AUTH_TYPE.
      const rule = VARIABLES.get(name);
      return rule ? rules[rule](value) : MASK;
    },
    source: (line) => maskSource(line, names),
  };
}

const IDENTIFIER = /^[\w.:;=/+-]{1,100}$/;

/**
 * Maximum number of memoized texts: the requests of a large server, which each frame and each key of a filter mask
 * again.
 */
const REMEMBERED = 8192;
const LONGEST_REMEMBERED = 512;

function remembered(mask: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return mask(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const masked = mask(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, masked);
    return masked;
  };
}
