import { basename, dirname } from 'node:path';
import type { Surroundings } from './surroundings.ts';

/** The values of the variables `%d`, `%n` and others, by their letter (`magic_sub` in core/utils.c of uWSGI). */
export type Magic = ReadonlyMap<string, string>;

/** Precedes the letter of a variable that only the running server knows. No configuration contains a NUL. */
const UNKNOWN = '\0';

/** Time of the start, version, path of the program, group name, and inode and hash of the file. */
const ONLY_RUNNING = ['t', 'T', 'V', 'b', 'G', 'i', 'j', 'I', 'J'];

/** The variables that do not depend on a file. */
export function generalMagic(from: Surroundings): Magic {
  return new Map([
    ...ONLY_RUNNING.map((letter) => [letter, UNKNOWN + letter] as const),
    ['%', '%'],
    ['(', '%('],
    ['[', '\x1b'],
    ['v', from.cwd],
    ['h', from.hostname],
    ['k', String(from.cpus)],
    ['u', String(from.uid)],
    ['U', from.userName],
    ['g', String(from.gid)],
  ]);
}

/**
 * The variables of a configuration file (`config_magic_table_fill` in core/uwsgi.c). `%d` ends with a slash.
 *
 * @param given the name as in the option that loads the file, without its section
 * @param path its absolute path
 * @param first whether this is the first file, which also sets the letters in capitals
 */
export function fileMagic(
  before: Magic,
  given: string,
  path: string,
  section: string,
  first: boolean,
): Magic {
  const file = basename(path);
  const dot = file.lastIndexOf('.');
  const folder = dirname(path);
  const parts = folder.split('/').filter((part) => part !== '');
  const letters: readonly (readonly [string, string])[] = [
    ['o', given],
    ['p', path],
    ['s', file],
    ['d', folder === '/' ? '/' : `${folder}/`],
    ['c', basename(folder)],
    ['e', dot < 0 ? '' : file.slice(dot + 1)],
    ['n', dot < 0 ? file : file.slice(0, dot)],
    ['x', section],
  ];
  const numbers = Array.from({ length: 10 }, (_, place) => [String(place), parts[place] ?? ''] as const);
  const capitals = first ? letters.map(([letter, value]) => [letter.toUpperCase(), value] as const) : [];
  return new Map([...before, ...letters, ...numbers, ...capitals]);
}

/** Maximum number of characters of a file after the substitution. */
const MOST_CHARACTERS = 2 ** 20;

/** A line of a file after the substitution, with its number in the file, from 1. */
export interface Line {
  text: string;
  number: number;
}

/**
 * Replaces each `%` and the character after it. uWSGI removes both if there is no such variable, so `%` at the end of a
 * line also joins it with the next one.
 *
 * @throws Error if the result is too long
 */
export function substituted(text: string, magic: Magic): Line[] {
  const lines: Line[] = [];
  let number = 1;
  let first = 1;
  let line = '';
  let length = 0;
  for (const [part] of text.matchAll(/%[\s\S]|\n|[^%\n]+|%/gu)) {
    if (part.endsWith('\n')) number += 1;
    if (part === '\n') {
      lines.push(...numbered(line, first));
      line = '';
      first = number;
    } else {
      const added = part.startsWith('%') ? (magic.get(part.slice(1)) ?? '') : part;
      length += added.length;
      if (length > MOST_CHARACTERS)
        throw new Error(`its variables make more than ${MOST_CHARACTERS} characters`);
      line += added;
    }
  }
  return [...lines, ...numbered(line, first)];
}

/** A value with a line feed, such as the name of a folder, makes several lines. */
function numbered(text: string, number: number): Line[] {
  return text.split('\n').map((each) => ({ text: each, number }));
}

/** The letter of the first variable in a text that only the running server knows. */
export function unknownMagic(text: string): string | null {
  const at = text.indexOf(UNKNOWN);
  return at < 0 ? null : (text[at + 1] ?? null);
}
