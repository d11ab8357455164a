import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { lineOf } from './lines.ts';
import { SettingError, type Settings, settingsOf, type Table } from './settings.ts';

/** A setting file that cannot be read or understood. Its message says where, what, and what to do. */
export class SettingFileError extends Error {
  override name = 'SettingFileError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the setting file is looked for (XDG Base Directory Specification: a path that is not absolute does not count);
 * `null` for a user without a home.
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

const WAY_OUT = '--no-config goes without the file.';

/** More is no setting file. */
const MAX_BYTES = 2 ** 20;

/**
 * What a setting file says.
 *
 * @param wanted somebody named this file: it must be there, and readable
 * @throws SettingFileError
 */
export async function readSettings(path: string, wanted: boolean): Promise<Settings> {
  const text = await textOf(path, wanted);
  if (text === null) {
    if (wanted) throw new SettingFileError(`${path}: there is no such file`);
    return {};
  }
  const { parse } = await import('@decimalturn/toml-patch');
  const table = await parsed(path, text);
  try {
    return settingsOf(table);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const where = `${path}:${lineOf(text, error.path, parse)}: ${error.path.join('.')}`;
    throw new SettingFileError(`${where}: ${error.message} ${WAY_OUT}`);
  }
}

/** One after the other: each begins with what the one before has written. */
let writing: Promise<unknown> = Promise.resolve();

/**
 * Changes what a setting file says, or makes it, for the user alone. Comments, and what is not changed, stay.
 *
 * @param change what the file is to say, given what it says
 * @throws SettingFileError
 */
export function writeSettings(path: string, change: (file: Table) => Table): Promise<void> {
  const written = writing.then(() => writeNow(path, change));
  writing = written.catch(() => {});
  return written;
}

const STYLE = { inlineTableStart: 2, bracketSpacing: false, trailingComma: false, trailingNewline: 1 };

/** The parser makes objects that inherit nothing. */
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
  const { patch, parse } = await import('@decimalturn/toml-patch');
  const before = (await textOf(path, true)) ?? '';
  /** Comments within a list can swallow what is added to it: then the list is written anew. */
  const patched = (text: string, to: Table): string => {
    const plain = patch(text, to, STYLE);
    return isSame(parse(plain), to) ? plain : patch(patch(text, withoutLists(to), STYLE), to, STYLE);
  };
  const wanted = change(await parsed(path, before));
  const after = patched(before, wanted);
  if (!isSame(parse(after), wanted))
    throw new SettingFileError(`${path}: its comments are in the way; write it by hand`);
  // A link stays one.
  const file = await realpath(path).catch(() => path);
  // A disk that is full leaves the old one.
  const beside = `${file}.${randomUUID()}.new`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(beside, after, { mode: 0o600, flag: 'wx' });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw new SettingFileError(`the settings were not written: ${reason(error)}`);
  }
}

/** What is in a file; `null` when there is none, or one that nobody named and that is somebody else's. */
async function textOf(path: string, wanted: boolean): Promise<string | null> {
  try {
    // Neither a pipe nor a device is waited for.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile())
        throw new Error(stats.isDirectory() ? 'EISDIR: it is a directory' : 'it is no file');
      if (stats.size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES / 2 ** 20} MiB`);
      return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || (code === 'EACCES' && !wanted)) return null;
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : reason(error);
    throw new SettingFileError(`${path} cannot be read: ${why}. ${WAY_OUT}`);
  }
}

async function parsed(path: string, text: string): Promise<Table> {
  const { parse } = await import('@decimalturn/toml-patch');
  try {
    return parse(text) as Table;
  } catch (error) {
    const { line, message } = error as Error & { line?: number };
    throw new SettingFileError(`${path}:${line ?? '?'}: no TOML: ${message.split('\n').at(-1)}. ${WAY_OUT}`);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
