import { createNames } from './secrets/names.ts';
import { maskSource } from './secrets/source.ts';
import { hasKnownToken } from './secrets/tokens.ts';
import { MASK, maskQuery, maskUrl } from './secrets/urls.ts';
import { type Rule, VARIABLES } from './secrets/variables.ts';
import { maskWords } from './secrets/words.ts';

/**
 * Decides what of a document may be shown. uWSGI publishes the variables of running requests and the command lines of
 * daemons, with the secrets in them. What is not known to be harmless is masked. Each text costs time in proportion to its
 * length: `boundedMask` cuts what can be long.
 */
export interface Mask {
  /** Free text or a command line. URLs, options and `name=value` in it are recognized. */
  text(text: string): string;
  /** The value of a variable of a request: masked whole unless the variable is known. */
  variable(name: string, value: string): string;
  /** A line of source of a program. */
  source(line: string): string;
}

/** Shows everything. */
export const NO_MASK: Mask = {
  text: (text) => text,
  variable: (_, value) => value,
  source: (line) => line,
};

/** Names that the user gives. */
export interface GivenNames {
  /** Parts of names that are secrets, too. They win over everything else. */
  mask?: readonly string[] | undefined;
  /** Variables, parameters and options whose values are shown. */
  show?: readonly string[] | undefined;
}

export function createMask({ mask = [], show = [] }: GivenNames = {}): Mask {
  const names = createNames(mask, show);
  const text = remembered((text) => maskWords(text, names));
  /** Clients choose identifiers, too: `Root=1-2;Self=3` is one, `token=abc` is none. */
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
      // A built-in name of a secret does not hide a known variable such as AUTH_TYPE.
      const rule = VARIABLES.get(name);
      return rule ? rules[rule](value) : MASK;
    },
    source: (line) => maskSource(line, names),
  };
}

const IDENTIFIER = /^[\w.:;=/+-]{1,100}$/;

/** Texts that are masked again with each frame and each key of a filter: as many requests as a large server runs. */
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
