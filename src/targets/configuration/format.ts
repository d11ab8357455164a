/** The formats of configurations. */
export type Format = 'ini' | 'yaml' | 'json' | 'xml';

/** The formats by the endings of file names (`uwsgi_opt_load` in core/uwsgi.c). */
const ENDINGS: readonly (readonly [RegExp, Format])[] = [
  [/\.ini$/, 'ini'],
  [/\.xml$/, 'xml'],
  [/\.ya?ml$/, 'yaml'],
  [/\.js(?:on)?$/, 'json'],
];

/** The format by the ending of a file name; `null` for another ending. */
export function formatOf(file: string): Format | null {
  return ENDINGS.find(([ending]) => ending.test(file))?.[1] ?? null;
}
