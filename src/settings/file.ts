import { lstat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { reasonOf } from '../text/reason.ts';
import { placeToWrite, type Read, readText, replaceText } from './disk.ts';
import { excess } from './limits.ts';
import { lineOf } from './lines.ts';
import { SettingError, type Settings, settingsOf, type Table } from './settings.ts';

/** A setting file that cannot be read or parsed. The message contains the place, the error and the advice. */
export class SettingFileError extends Error {
  override name = 'SettingFileError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the path of the setting file; `null` for a user without a home directory. A relative XDG_CONFIG_HOME is
 * ignored (XDG Base Directory Specification).
 */
export function settingPath({ XDG_CONFIG_HOME: home = '' }: Environment): string | null {
  const base = home.startsWith('/') ? home : configFolder();
  return base && join(base, 'statstop', 'config.toml');
}

function configFolder(): string | null {
  try {
    const home = homedir();
    return home.startsWith('/') ? join(home, '.config') : null;
  } catch {
    return null;
  }
}

const WAY_OUT = 'To ignore the file, use --no-config.';

/**
 * Reads the settings of a file.
 *
 * @param wanted whether the user named this file: then it must exist and be readable
 * @throws SettingFileError
 */
export async function readSettings(path: string, wanted: boolean): Promise<Settings> {
  const file = contentOf(path, wanted);
  if (file === null) {
    if (wanted) throw new SettingFileError(`${path}: no such file`);
    return {};
  }
  return meaningOf(path, file.text, await parsed(path, file.text));
}

/** Maximum number of characters that a message repeats from a file. A key can be as long as the file. */
const MAX_KEY = 80;
const MAX_MESSAGE = 1000;

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}...` : text;
}

/** @throws SettingFileError with the line and the key */
async function meaningOf(path: string, text: string, table: Table): Promise<Settings> {
  const { parse } = await import('@decimalturn/toml-patch');
  try {
    return settingsOf(table);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const line = lineOf(text, error.path, parse);
    const key = shortened(error.path.join('.'), MAX_KEY);
    const where = `${line === null ? path : `${path}:${line}`}: ${key}`;
    throw new SettingFileError(`${where}: ${shortened(error.message, MAX_MESSAGE)} ${WAY_OUT}`);
  }
}

/** Whether the path of a setting file exists. A link counts, even if its target does not exist. */
export function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Writes run one after the other: each begins with the result of the previous one. */
let writing: Promise<unknown> = Promise.resolve();

/**
 * Changes the settings of a file. Comments, owner, group and mode stay. A new file is readable and writable only by the
 * user.
 *
 * @param change returns the new content for the current content
 * @throws SettingFileError
 */
export function writeSettings(path: string, change: (file: Table) => Table): Promise<void> {
  const written = writing.then(() => writeNow(path, change));
  writing = written.catch(() => {});
  return written;
}

const STYLE = { inlineTableStart: 2, bracketSpacing: false, trailingComma: false, trailingNewline: 1 };

/** The parser makes objects without a prototype, so compare copies. */
function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(structuredClone(one), structuredClone(other));
}

function withoutLists(table: Table): Table {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, value]) => !Array.isArray(value))
      .map(([key, value]) => [
        key,
        typeof value === 'object' && value !== null ? withoutLists(value as Table) : value,
      ]),
  );
}

async function writeNow(path: string, change: (file: Table) => Table): Promise<void> {
  const place = await placeToWrite(path).catch(notWritten);
  const before = contentOf(place, true);
  const after = await changed(path, before?.text ?? '', change);
  await replaceText(place, before?.stats ?? null, after).catch(notWritten);
}

function notWritten(error: unknown): never {
  throw new SettingFileError(`settings not written: ${reasonOf(error)}`);
}

/**
 * Returns the text of a file after the change.
 *
 * @throws SettingFileError
 */
async function changed(path: string, before: string, change: (file: Table) => Table): Promise<string> {
  const { patch, parse } = await import('@decimalturn/toml-patch');
  /** Comments within a list can absorb an added element. In that case the lists are removed and written again. */
  const patched = (text: string, to: Table): string => {
    const plain = patch(text, to, STYLE);
    return isSame(parse(plain), to) ? plain : patch(patch(text, withoutLists(to), STYLE), to, STYLE);
  };
  const table = await parsed(path, before);
  // Do not change the TOML file of another program, to which a link can lead.
  await meaningOf(path, before, table);
  const wanted = change(table);
  const after = patched(before, wanted);
  if (!isSame(parse(after), wanted))
    throw new SettingFileError(
      `${path}: the comments in this file prevent an automatic change. Edit the file`,
    );
  return after;
}

/**
 * Reads a file. `null` if it does not exist, or if the user did not name it and has no permission to read it.
 *
 * @throws SettingFileError
 */
function contentOf(path: string, wanted: boolean): Read | null {
  try {
    const file = readText(path);
    const much = excess(file.text);
    if (much !== null) throw new Error(much);
    return file;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || (code === 'EACCES' && !wanted)) return null;
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8 text' : reasonOf(error);
    throw new SettingFileError(`${path} cannot be read: ${why}. ${WAY_OUT}`);
  }
}

async function parsed(path: string, text: string): Promise<Table> {
  const { parse } = await import('@decimalturn/toml-patch');
  try {
    return parse(text) as Table;
  } catch (error) {
    const { line, message } = error as Error & { line?: number };
    throw new SettingFileError(
      `${path}:${line ?? '?'}: invalid TOML: ${message.split('\n').at(-1)}. ${WAY_OUT}`,
    );
  }
}
