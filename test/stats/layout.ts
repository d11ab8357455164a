/**
 * Writes documents the way uWSGI's core/stats.c does: a pair a line, tabs, strings of a list without any. A string
 * is written by `quote`, which is told the key that it stands under.
 */
export interface Layout {
  quote: (text: string, key: string) => string;
  minified?: boolean;
  /** `"attrs":["key":"value"]`, as uWSGI 2.1 writes them. */
  bareAttributes?: boolean;
}

/** Every string as JSON has it. */
export const json: Layout = { quote: (text) => JSON.stringify(text) };

/** Only these are escaped by uWSGI (core/stats.c, core/master_utils.c); all others are written as they are. */
const ESCAPED = new Set(['vars', 'cmd', 'command']);

/** Every string as uWSGI writes it. */
export const uwsgi: Layout = {
  quote: (text, key) => `"${ESCAPED.has(key) ? escaped(text) : text}"`,
  bareAttributes: true,
};

/** As `escape_json` of core/utils.c. */
function escaped(text: string): string {
  const short: Record<string, string> = {
    '\t': '\\t',
    '\n': '\\n',
    '\r': '\\r',
    '"': '\\"',
    '\\': '\\\\',
  };
  return text.replace(/[\t\n\r"\\]/g, (char) => short[char] ?? char);
}

/** The text of a document. */
export function write(value: unknown, layout: Layout, key = '', depth = 0): string {
  if (typeof value === 'string') return layout.quote(value, key);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [line, tabs, outer] = layout.minified
    ? ['', '', '']
    : ['\n', '\t'.repeat(depth + 1), '\t'.repeat(depth)];
  const inside = (each: unknown, name: string) => write(each, layout, name, depth + 1);
  if (Array.isArray(value)) {
    const elements = value.map((each) => {
      if (typeof each === 'string') return inside(each, key);
      if (key !== 'attrs' || !layout.bareAttributes) return tabs + inside(each, key);
      return Object.entries(each as object).map(([name, text]) => tabs + pair(name, inside(text, name)));
    });
    return `[${line}${elements.flat().join(`,${line}`)}${line}${outer}]`;
  }
  const pairs = Object.entries(value).map(([name, each]) => tabs + pair(name, inside(each, name)));
  return `{${line}${pairs.join(`,${line}`)}${line}${outer}}`;

  function pair(name: string, text: string): string {
    return `${layout.quote(name, '')}:${text}`;
  }
}
