import { type Format, formatOf } from './format.ts';

/** What a small file is, by its content. */
export type Recognized = { kind: 'configuration'; format: Format } | { kind: 'pid'; pid: number };

/** Texts that only a configuration of a format contains: a section, a key or an element with the name `uwsgi`. */
const SIGNS: readonly (readonly [RegExp, Format])[] = [
  [/^[ \t]*\[uwsgi\]/m, 'ini'],
  [/^["']?uwsgi["']?[ \t]*:/m, 'yaml'],
  [/<uwsgi[\s>]/, 'xml'],
  // Quotation marks in the strings of a stats document follow a backslash.
  [/(?<!\\)"uwsgi"\s*:\s*\{/, 'json'],
];

/**
 * Recognizes a uWSGI configuration or a pid file. The content decides: a saved stats document has the ending `.json`
 * too. Without a sign, the ending of INI, YAML and XML files decides, because their section can have any name.
 *
 * @param name of the file
 * @returns `null` for another file, such as a stats document
 */
export function recognized(name: string, text: string): Recognized | null {
  const [, pid] = /^\s*(\d{1,10})\s*$/.exec(text) ?? [];
  if (pid !== undefined) return { kind: 'pid', pid: Number(pid) };
  const ending = formatOf(name);
  const [, sign] =
    SIGNS.find(([pattern, format]) => pattern.test(text) && (ending ?? format) === format) ?? [];
  if (sign) return { kind: 'configuration', format: sign };
  const isOther = ending === null || ending === 'json' || /^\s*\{/.test(text);
  return isOther ? null : { kind: 'configuration', format: ending };
}
