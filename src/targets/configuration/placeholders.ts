/** Limits of one value, so that a placeholder that contains itself ends. */
const MOST_REPLACEMENTS = 200;
export const MOST_CHARACTERS = 16_384;

/** A placeholder contains itself, or a value becomes too long. */
export class EndlessError extends Error {
  override name = 'EndlessError';
}

/**
 * Replaces the placeholders of one kind, such as `$(NAME)`, as `uwsgi_apply_config_pass` in core/utils.c does. The search
 * continues at the second character of the result, so replaced text can contain placeholders.
 *
 * @param symbol `$`, `@` or `%`
 * @param lookUp returns `null` for an unknown name, which stays in the text
 * @throws EndlessError
 */
export function replaced(text: string, symbol: string, lookUp: (name: string) => string | null): string {
  let value = text;
  let start = 0;
  for (let count = 0; ; count += 1) {
    const found = next(value, symbol, start);
    if (found === null) return value;
    if (count > MOST_REPLACEMENTS || value.length > MOST_CHARACTERS) throw new EndlessError(found.name);
    const replacement = lookUp(found.name);
    if (replacement === null) start = found.end;
    else {
      value = value.slice(0, found.start) + replacement + value.slice(found.end);
      start = 1;
    }
  }
}

interface Found {
  name: string;
  start: number;
  end: number;
}

/** The next placeholder with a name that is not empty. The innermost one comes first. */
function next(text: string, symbol: string, from: number): Found | null {
  let name: number | null = null;
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === symbol) {
      name = text[at + 1] === '(' ? at + 2 : null;
      if (name !== null) at += 1;
      depth = 0;
    } else if (name !== null && character === '(') {
      depth += 1;
    } else if (name !== null && character === ')') {
      if (depth === 0 && at > name) return { name: text.slice(name, at), start: name - 2, end: at + 1 };
      if (depth === 0) name = null;
      else depth -= 1;
    }
  }
  return null;
}

/**
 * The value of a placeholder `%(...)`: the option of that name, or a calculation from left to right
 * (`uwsgi_manage_placeholder` in core/config.c). Words without an operator between them are joined.
 */
export function calculated(text: string, option: (key: string) => string | undefined): string | null {
  if (!text.includes(' ')) return option(text) ?? null;
  let value = '';
  let operator = '';
  for (const word of text.split(' ').filter((each) => each !== '')) {
    if (word === '++' || word === '--') value = String(integer(value) + (word === '++' ? 1n : -1n));
    if (word in OPERATORS || word === '++' || word === '--') {
      operator = word in OPERATORS ? word : '';
      continue;
    }
    const operand = /^\d+$/.test(word) ? word : (option(word) ?? '');
    const calculate = OPERATORS[operator];
    value = calculate
      ? String(BigInt.asIntN(64, calculate(integer(value), integer(operand))))
      : value + operand;
    operator = '';
  }
  return value;
}

const OPERATORS: Readonly<Record<string, (one: bigint, other: bigint) => bigint>> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => (other === 0n ? 0n : one / other),
};

/** The number at the beginning of a text, or 0, as `strtoll` returns it. */
function integer(text: string): bigint {
  return BigInt.asIntN(64, BigInt(/^\s*([-+]?\d+)/.exec(text)?.[1]?.replace('+', '') ?? '0'));
}
