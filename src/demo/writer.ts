const TABS = Array.from({ length: 12 }, (_, depth) => '\t'.repeat(depth));

/**
 * Writes what looks like JSON, to the byte as uWSGI does (core/stats.c): tabs, a key's `{` after tabs of its own, the
 * strings of a list without any. Nothing is escaped here: where uWSGI escapes, the caller does, with `escaped`.
 */
export class StatsWriter {
  private text = '';
  /** Whether something stands before the next entry at this depth. */
  private follows = false;
  private depth = 0;
  private readonly newline: string;
  private readonly tabs: readonly string[];

  /** @param minified as with `--stats-minified`: no tabs and newlines */
  constructor(minified: boolean) {
    this.newline = minified ? '' : '\n';
    this.tabs = minified ? [] : TABS;
  }

  number(key: string, value: number): void {
    this.key(key);
    this.text += value;
  }

  /** 0 and 1. */
  flag(key: string, value: boolean): void {
    this.number(key, value ? 1 : 0);
  }

  string(key: string, value: string): void {
    this.key(key);
    this.text += `"${value}"`;
  }

  /** A string in a list. */
  item(value: string): void {
    this.separate();
    this.text += `"${value}"`;
  }

  /** An object in a list, or the document itself. */
  object(fill: () => void): void {
    this.separate();
    if (this.depth > 0) this.text += this.indent();
    this.nest('{', fill, '}');
  }

  /** An object under a key. */
  objectAt(key: string, fill: () => void): void {
    this.key(key);
    this.text += this.indent();
    this.nest('{', fill, '}');
  }

  list(key: string, fill: () => void): void {
    this.key(key);
    this.nest('[', fill, ']');
  }

  toString(): string {
    return this.text;
  }

  private nest(open: string, fill: () => void, close: string): void {
    this.text += open + this.newline;
    this.depth += 1;
    this.follows = false;
    fill();
    this.depth -= 1;
    this.text += this.newline + this.indent() + close;
    this.follows = true;
  }

  private key(name: string): void {
    this.separate();
    this.text += `${this.indent()}"${name}":`;
  }

  private separate(): void {
    if (this.follows) this.text += `,${this.newline}`;
    this.follows = true;
  }

  private indent(): string {
    return this.tabs[this.depth] ?? '';
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/** uWSGI's `escape_json` (core/utils.c): five characters, and no other one. */
export function escaped(value: string): string {
  return value.replace(/[\t\n\r"\\]/g, (character) => ESCAPES[character] ?? character);
}
