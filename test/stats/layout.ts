/**
 * Writes documents in the layout of uWSGI's core/stats.c: one pair per line, indented with tabs, and strings of a list
 * without tabs. `quote` writes a string and receives its key.
 */
export interface Layout {
  quote: (text: string, key: string) => string;
  minified?: boolean;
  /** `"attrs":["key":"value"]`, as uWSGI 2.1 writes them. */
  bareAttributes?: boolean;
}

/** Writes every string as JSON. */
export const json: Layout = { quote: (text) => JSON.stringify(text) };

/** uWSGI escapes only these strings (core/stats.c, core/master_utils.c) and writes all others unchanged. */
const ESCAPED = new Set(['vars', 'cmd', 'command']);

/** Writes every string as uWSGI does. */
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
