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
  private readonly comma: string;
  private readonly newline: string;
  private readonly tabs: readonly string[];

  /** @param minified as with `--stats-minified`: no tabs and newlines */
  constructor(minified: boolean) {
    this.comma = minified ? ',' : ',\n';
    this.newline = minified ? '' : '\n';
    this.tabs = minified ? [] : TABS;
  }

  number(key: string, value: number): void {
    this.text += `${this.start(key)}${value}`;
  }

  /** 0 and 1. */
  flag(key: string, value: boolean): void {
    this.number(key, value ? 1 : 0);
  }

  string(key: string, value: string): void {
    this.text += `${this.start(key)}"${value}"`;
  }

  /** A string in a list. */
  item(value: string): void {
    this.text += `${this.separator()}"${value}"`;
  }

  /** An object in a list, or the document itself. */
  object(fill: () => void): void {
    this.nest(`${this.separator()}${this.depth > 0 ? this.indent() : ''}{`, fill, '}');
  }

  /** An object under a key. */
  objectAt(key: string, fill: () => void): void {
    this.nest(`${this.start(key)}${this.indent()}{`, fill, '}');
  }

  list(key: string, fill: () => void): void {
    this.nest(`${this.start(key)}[`, fill, ']');
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

  /** Up to the colon of an entry. */
  private start(key: string): string {
    return `${this.separator()}${this.indent()}"${key}":`;
  }

  private separator(): string {
    const separator = this.follows ? this.comma : '';
    this.follows = true;
    return separator;
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
