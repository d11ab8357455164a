import { basename, extname } from 'node:path';

/** An option of uWSGI with its value, from a command line or a configuration file. */
export interface Setting {
  /** Without dashes, such as `stats`. */
  name: string;
  value: string;
}

/** Options that name a configuration file (core/uwsgi.c). */
const FILES: ReadonlySet<string> = new Set([
  ...['ini', 'yaml', 'yml', 'y', 'json', 'js', 'j', 'xml', 'xmlconfig', 'x', 'config'],
  ...['ini-paste', 'ini-paste-logged', 'include', 'inherit'],
]);

/** Extensions with which uWSGI reads an argument without an option as a configuration (core/config.c). */
const EXTENSIONS: ReadonlySet<string> = new Set(['.ini', '.yaml', '.yml', '.json', '.js', '.xml']);

/**
 * The options of a command line: `--name value`, `--name=value` and `-x value`. An option without a value has the next
 * argument as its value if that argument is no option. So a value may be wrong for an option that takes none.
 *
 * @param words the command line without the program
 */
export function settingsOf(words: readonly string[]): Setting[] {
  return words.flatMap((word, place): Setting[] => {
    const [, name, value] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) return [];
    const next = words[place + 1] ?? '';
    return [{ name, value: value ?? (next.startsWith('-') ? '' : next) }];
  });
}

/**
 * The names of configuration files on a command line, in its order, as they were written.
 *
 * @param words the command line without the program
 */
export function configurationNames(words: readonly string[]): string[] {
  const named = words.flatMap((word, place) => {
    if (!word.startsWith('-')) {
      const isValue = /^--?[A-Za-z][\w-]*$/.test(words[place - 1] ?? '');
      return !isValue && EXTENSIONS.has(extname(withoutSection(word)).toLowerCase()) ? [word] : [];
    }
    return settingsOf([word, words[place + 1] ?? '']).flatMap(({ name, value }) =>
      FILES.has(name) && value !== '' ? [value] : [],
    );
  });
  // A scheme such as `emperor://` or `exec://` leads to no file. `-` is standard input.
  const files = named.filter((name) => !SCHEME.test(name) && name !== '-').map(withoutSection);
  return [...new Set(files.filter((name) => name !== ''))];
}

const SCHEME = /^[a-z]+:\/\//;

/** A name may end with a section: `app.ini:production` (core/ini.c). */
function withoutSection(name: string): string {
  return SCHEME.test(name) ? name : name.replace(/:[\w.-]*$/, '');
}

/** The most characters of a configuration that are searched. */
const MOST_CHARACTERS = 256 * 1024;

/**
 * The settings in the text of a configuration, in any of uWSGI's formats: `name = value`, `name: value`,
 * `"name": "value"` and `<name>value</name>`. It is good enough to compare values with what the kernel says, not to
 * resolve a configuration.
 */
export function settingsIn(text: string): Setting[] {
  const found: Setting[] = [];
  for (const line of text.slice(0, MOST_CHARACTERS).split(/[\r\n]/)) {
    const [, tag, inner, key, value = ''] = LINE.exec(line) ?? [];
    const name = tag ?? key;
    if (name !== undefined)
      found.push({ name, value: (inner ?? value).trim().replace(/^(["'])(.*)\1$/, '$2') });
    for (const [, name = '', value = ''] of line.matchAll(PAIR)) found.push({ name, value });
  }
  return found;
}

const LINE = /^[ \t-]*(?:<([\w-]+)>([^<]*)|([A-Za-z][\w-]*)[ \t]*[=:](.*)$)/;
/** JSON can have several pairs in one line. */
const PAIR = /"([A-Za-z][\w-]*)"[ \t]*:[ \t]*"([^"]*)"/g;

/** The role of a socket, by the option that creates it. */
export type Role = 'app' | 'emperor' | 'router' | 'zerg';

const ROLES: readonly (readonly [RegExp, Role])[] = [
  [/^stats(-server)?$/, 'app'],
  [/^emperor-stats(-server)?$/, 'emperor'],
  [/^(https?|fastrouter|rawrouter|sslrouter)-(stats|stats-server|ss)$/, 'router'],
  [/^zerg-server$/, 'zerg'],
];

/** The role that an option gives to its socket. `null` for other options. */
export function roleOf({ name }: Setting): Role | null {
  return ROLES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Whether a configuration has parts in other files, or leaves them to other programs. */
export function hasMore(settings: readonly Setting[]): boolean {
  return settings.some(({ name }) => FILES.has(name) || name === 'import');
}

/** Whether settings make a process an emperor. */
export function isEmperor(settings: readonly Setting[]): boolean {
  return settings.some(({ name }) => name === 'emperor');
}

/** The name that uWSGI gives its processes with `auto-procname` (core/uwsgi.c), with a prefix and without arguments. */
const OWN_NAME =
  /^(?<prefix>.*?)uWSGI (?<role>master|Emperor|worker|mule|spooler|http|fastrouter|rawrouter|sslrouter)\b/s;

/** What uWSGI says about a process in the name that it has set: `auto-procname`. `null` if it has not. */
export function ownName(words: readonly string[]): { prefix: string; role: string } | null {
  const groups = words.length === 1 ? OWN_NAME.exec(words[0] ?? '')?.groups : undefined;
  return groups ? { prefix: groups.prefix ?? '', role: groups.role ?? '' } : null;
}

/** Names of configurations that say nothing about the server. */
const GENERAL: ReadonlySet<string> = new Set(['uwsgi', 'default', 'config', 'conf', 'wsgi']);

/**
 * The best short name of a server: its last configuration file, or the folder of a file with a general name; the name
 * that it was given; its stats socket.
 */
export function nameOf(
  configurations: readonly string[],
  words: readonly string[],
  socket: string | null,
): string {
  const last = configurations.at(-1);
  if (last !== undefined) {
    const name = basename(last, extname(last));
    const parts = last.split('/').filter((part) => part !== '');
    return GENERAL.has(name) ? (parts.at(-2) ?? name) : name;
  }
  const own = ownName(words)?.prefix.replace(/[\s:_-]+$/, '');
  if (own) return own;
  // A process that was given a name has one word, which is no path of a program.
  const [only = ''] = words;
  if (words.length === 1 && own === undefined && only !== '' && !/uwsgi$/i.test(only))
    return basename(only.trim());
  const base = socket === null ? '' : basename(socket).replace(/^@|@$|\.(stats|socket|sock)$/g, '');
  return base === '' ? 'uwsgi' : base;
}
