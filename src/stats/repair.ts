import type { Fields } from './fields.ts';
import { MOST_OBJECTS } from './limits.ts';

/**
 * Reads the invalid JSON that uWSGI sometimes writes, without losing a number:
 *
 * - raw control characters in strings (uWSGI writes a request's URL and headers almost unchanged);
 * - quotes and backslashes that uWSGI does not escape in strings (directories, names);
 * - an extra comma before `]` or `}`;
 * - pairs in a list (`"attrs":[ "key":"value" ]`): each becomes an object of its own;
 * - a missing `{` at the beginning; a byte order mark, NULs or blanks around the document.
 *
 * A truncated document is rejected. The parser never adds a missing quote or bracket at the end.
 *
 * @throws CutOffError if the document is truncated
 * @throws SyntaxError with the position of the error
 */
export function repair(text: string): Fields {
  return new Repair(text).document();
}

/** The document ends before it is complete. */
export class CutOffError extends SyntaxError {
  override name = 'CutOffError';
}

const BLANK = /[\s\0\ufeff]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /true|false|null/y;
/** A truncated number or word. */
const BEGUN = /(?:-|tr?u?|fa?l?s?|nu?l?)$/y;
/** The escape sequences of JSON, without the backslash. */
const KNOWN_ESCAPE = /["\\/bfnrt]|u[\da-fA-F]{4}/y;
/** Characters that JSON allows only in escaped form. */
const CONTROL = /[\0-\x1f]/g;

/**
 * A quote ends a string only if the document can continue after it. Any other quote belongs to the string. The rule
 * depends on the position of the string: a key, the value of a pair, or an element of a list.
 */
const ENDS = {
  key: /"\s*:/y,
  value: /"\s*(?:[}\]][\s\0]*(?:[,}\]]|$)|,\s*(?:"[^"\\\n]*(?:\\.[^"\\\n]*){0,1000}"\s*:|[}\]]))/y,
  element: /"\s*(?::|\][\s\0]*(?:[,}\]]|$)|,\s*["\-\d[{\]tfn])/y,
} as const;

/**
 * Maximum length of a document in UTF-16 units. Larger documents would take seconds and gigabytes; no server writes
 * them.
 */
const MAX_LENGTH = 8 * 2 ** 20;

/** Maximum nesting depth. uWSGI writes 6 levels, and the stack can hold far more than 64. */
const MAX_DEPTH = 64;

/**
 * Maximum number of pairs in lists; each becomes an object. All vassals together have fewer attributes, and this number
 * of objects fits in memory.
 */
const MAX_PAIRS = 100_000;

class Repair {
  private at = 0;
  private depth = 0;
  private objects = 0;
  private pairsInLists = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  document(): Fields {
    if (this.text.length > MAX_LENGTH)
      throw new SyntaxError('the document is not valid JSON and too large to repair');
    this.skipBlanks();
    if (this.text[this.at] === '{') this.at += 1;
    else if (this.text[this.at] !== '"') this.refuse('expected { at the beginning');
    const root = this.pairs();
    this.skipBlanks();
    if (this.at < this.text.length) this.refuse('unexpected text after the document');
    return root;
  }

  private value(): unknown {
    this.skipBlanks();
    const char = this.text[this.at];
    if (char === '"') return this.string('value');
    if (char === '{' || char === '[') {
      this.at += 1;
      this.depth += 1;
      this.objects += 1;
      // The count before parsing is wrong if a quote is missing.
      if (this.objects > MOST_OBJECTS) this.refuse('too many objects and lists');
      if (this.depth > MAX_DEPTH) this.refuse('nested too deeply');
      const value = char === '{' ? this.pairs() : this.elements();
      this.depth -= 1;
      return value;
    }
    const number = this.match(NUMBER);
    if (number !== null) return Number(number);
    const word = this.match(WORD);
    if (word !== null) return JSON.parse(word);
    return this.refuse('expected a value', this.match(BEGUN) === null ? this.at : this.text.length);
  }

  /** Reads the inside of an object, up to its `}`. */
  private pairs(): Fields {
    const pairs: [string, unknown][] = [];
    while (!this.closes('}')) {
      if (this.text[this.at] !== '"') this.refuse('expected a name');
      const key = this.string('key');
      this.colon();
      pairs.push([key, this.value()]);
      this.comma('}');
    }
    // Unlike assignment, this makes `__proto__` an ordinary name.
    return Object.fromEntries(pairs);
  }

  /** Reads the inside of a list, up to its `]`. */
  private elements(): unknown[] {
    const elements: unknown[] = [];
    while (!this.closes(']')) {
      if (this.text[this.at] === '"') {
        const element = this.string('element');
        this.skipBlanks();
        if (this.text[this.at] === ':') {
          this.colon();
          this.pairsInLists += 1;
          if (this.pairsInLists > MAX_PAIRS) this.refuse('too many pairs in lists');
          elements.push(Object.fromEntries([[element, this.value()]]));
        } else {
          elements.push(element);
        }
      } else {
        elements.push(this.value());
      }
      this.comma(']');
    }
    return elements;
  }

  /**
   * uWSGI escapes commands and variables, and writes all other strings unchanged (core/stats.c). The string is read as
   * JSON if the document can continue after its end. Otherwise it was not escaped, and a backslash is an ordinary
   * character.
   */
  private string(place: keyof typeof ENDS): string {
    const start = this.at + 1;
    const end = this.unescapedQuote(start);
    const inside = end < 0 ? undefined : this.text.slice(start, end);
    if (inside !== undefined && isEscaped(inside) && this.ends(place, end)) {
      this.at = end + 1;
      return unescaped(inside);
    }
    // A complete document has other strings after each list. An element without a later unescaped quote is therefore
    // truncated.
    let quote = inside === undefined && place === 'element' ? -1 : this.text.indexOf('"', start);
    while (quote >= 0 && !this.ends(place, quote)) quote = this.text.indexOf('"', quote + 1);
    if (quote < 0) return this.refuse('expected a quote', this.text.length);
    this.at = quote + 1;
    return this.text.slice(start, quote);
  }

  /**
   * Offset of the first quote that no backslash escapes, or -1. A regular expression that repeats a group would not
   * work: V8 runs out of stack if a string has millions of escapes.
   */
  private unescapedQuote(from: number): number {
    for (let quote = this.text.indexOf('"', from); quote >= 0; quote = this.text.indexOf('"', quote + 1)) {
      let first = quote;
      while (first > from && this.text[first - 1] === '\\') first -= 1;
      if ((quote - first) % 2 === 0) return quote;
    }
    return -1;
  }

  private ends(place: keyof typeof ENDS, quote: number): boolean {
    ENDS[place].lastIndex = quote;
    return ENDS[place].test(this.text);
  }

  private colon(): void {
    this.skipBlanks();
    if (this.text[this.at] !== ':') this.refuse('expected a colon');
    this.at += 1;
  }

  private comma(close: string): void {
    this.skipBlanks();
    if (this.text[this.at] === ',') this.at += 1;
    else if (this.text[this.at] !== close) this.refuse(`expected a comma or ${close}`);
  }

  private closes(bracket: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== bracket) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string | null {
    const start = this.at;
    pattern.lastIndex = start;
    if (!pattern.test(this.text)) return null;
    this.at = pattern.lastIndex;
    return this.text.slice(start, this.at);
  }

  private skipBlanks(): void {
    this.match(BLANK);
  }

  private refuse(why: string, at = this.at): never {
    if (at >= this.text.length)
      throw new CutOffError(`the document is cut off after ${this.text.length} characters`);
    const where = at === 0 ? '' : ` at character ${at}`;
    throw new SyntaxError(`not a stats document: ${why}${where}`);
  }
}

/** Whether each backslash begins an escape sequence of JSON. */
function isEscaped(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at)) {
    KNOWN_ESCAPE.lastIndex = at + 1;
    if (!KNOWN_ESCAPE.test(text)) return false;
    at = KNOWN_ESCAPE.lastIndex;
  }
  return true;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.parse(`"${text.replace(CONTROL, escaped)}"`);
}
