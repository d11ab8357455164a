import type { Entry } from './entry.ts';
import type { Line } from './magic.ts';

/**
 * Reads a section of a YAML file. uWSGI reads lines or tokens, depending on how it was built (core/yaml.c). It does not
 * build a document, so a key can be repeated. Both ways agree on the lines that this function reads: `key: value`, and
 * lists. Quotation marks are removed, as with libyaml. Values of several lines are left out.
 */
export function yamlEntries(lines: readonly Line[], asked: string): Entry[] {
  const entries: Entry[] = [];
  let isInside = false;
  let key = '';
  for (const { text, number } of lines) {
    const line = withoutComment(text).trimEnd();
    if (line === '') continue;
    if (/^[^\s-]/.test(line)) {
      if (isInside) break;
      isInside = line.endsWith(':') && unquoted(line.slice(0, -1).trimEnd()) === asked;
      continue;
    }
    if (!isInside) continue;
    const content = line.trimStart();
    const isItem = /^-\s/.test(content);
    const colon = isItem ? -1 : content.search(/:(?=\s|$)/);
    if (!isItem && colon < 0) continue;
    if (!isItem) key = unquoted(content.slice(0, colon).trimEnd());
    for (const value of valuesOf(content.slice(colon + 1 || 1).trimStart()))
      entries.push({ key, value, line: number });
  }
  return entries;
}

/** The scalars of a value: one, or those of a list such as `[a, b]`. */
function valuesOf(text: string): string[] {
  if (text === '') return [];
  const [, list] = /^\[(.*)\]$/.exec(text) ?? [];
  if (list === undefined) return [unquoted(text)];
  return (list.match(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,][^,]*/g) ?? []).map((each) =>
    unquoted(each.trim()),
  );
}

function unquoted(text: string): string {
  if (/^'.*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/.test(text)) return text.slice(1, -1).replaceAll(/\\(["\\/])/g, '$1');
  return text;
}

/** A comment begins with `#` at the beginning of a word, outside quotation marks. */
function withoutComment(text: string): string {
  const [kept = ''] = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|(?<!\s)#|[^#])*/.exec(text) ?? [];
  return text.startsWith('#') ? '' : kept;
}
