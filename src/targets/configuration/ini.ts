import type { Entry } from './entry.ts';
import type { Line } from './magic.ts';

/**
 * Reads a section of an INI file as `uwsgi_ini_config` in core/ini.c does: the whole rest of a line is the value, and only a
 * line that begins with `;` or `#` is a comment.
 */
export function iniEntries(lines: readonly Line[], asked: string): Entry[] {
  let section = '';
  const entries: Entry[] = [];
  for (const { text, number } of lines) {
    const line = stripped(text);
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    if (line.startsWith('[')) section = line.slice(1, -1);
    else if (section === asked) {
      const equal = line.indexOf('=');
      const [key, value] = equal < 0 ? [line, ''] : [line.slice(0, equal), line.slice(equal + 1)];
      entries.push({ key: stripped(key), value: stripped(value), line: number });
    }
  }
  return entries;
}

const BLANKS = ' \t\r';

/** Removes only these characters: `trim` removes more. */
function stripped(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.includes(text.charAt(start))) start += 1;
  while (end > start && BLANKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
