const TABS = Array.from({ length: 12 }, (_, depth) => '\t'.repeat(depth));

/**
 * Writes text in uWSGI's almost-JSON layout, byte for byte (core/stats.c). Entries are indented with tabs, and so is
 * the `{` after a key; the strings of a list are not. It escapes nothing: the caller applies `escaped` where uWSGI
 * escapes.
 */
export class StatsWriter {
  private text = '';
  /** Whether another entry precedes the next one at this depth. */
  private follows = false;
  private depth = 0;
  private readonly comma: string;
  private readonly newline: string;
  private readonly tabs: readonly string[];

  /** @param minified as with `--stats-minified`: no tabs or newlines */
  constructor(minified: boolean) {
    this.comma = minified ? ',' : ',\n';
    this.newline = minified ? '' : '\n';
    this.tabs = minified ? [] : TABS;
  }

  number(key: string, value: number): void {
    this.text += `${this.start(key)}${value}`;
  }

  /** Writes 0 or 1. */
  flag(key: string, value: boolean): void {
    this.number(key, value ? 1 : 0);
  }

  string(key: string, value: string): void {
    this.text += `${this.start(key)}"${value}"`;
  }

  /** Writes a string in a list. */
  item(value: string): void {
    this.text += `${this.separator()}"${value}"`;
  }

  /** Writes an object in a list, or the document itself. */
  object(fill: () => void): void {
    this.nest(`${this.separator()}${this.depth > 0 ? this.indent() : ''}{`, fill, '}');
  }

  /** Writes an object under a key. */
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

  /** The text of an entry up to its colon. */
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

/** uWSGI's `escape_json` (core/utils.c), which escapes these five characters only. */
export function escaped(value: string): string {
  return value.replace(/[\t\n\r"\\]/g, (character) => ESCAPES[character] ?? character);
}
