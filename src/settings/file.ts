import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { SettingError, type Settings, settingsOf, type Table } from './settings.ts';

/** A setting file that cannot be read or understood. Its message says where, what, and what to do. */
export class SettingFileError extends Error {
  override name = 'SettingFileError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the setting file is looked for (XDG Base Directory Specification: a path that is not absolute does not count). */
export function settingPath({ XDG_CONFIG_HOME: home = '' }: Environment): string {
  return join(home.startsWith('/') ? home : join(homedir(), '.config'), 'statstop', 'config.toml');
}

/**
 * What a setting file says.
 *
 * @param wanted somebody named this file: it must be there
 * @throws SettingFileError
 */
export async function readSettings(path: string, wanted: boolean): Promise<Settings> {
  const text = await textOf(path);
  if (text === null) {
    if (wanted) throw new SettingFileError(`${path}: there is no such file`);
    return {};
  }
  const table = await parsed(path, text);
  try {
    return settingsOf(table);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const where = `${path}:${lineOf(text, error.path)}: ${error.path.join('.')}`;
    throw new SettingFileError(`${where}: ${error.message} --no-config goes without the file.`);
  }
}

/**
 * Changes what a setting file says, or makes it, for the user alone. Comments, and what is not changed, stay.
 *
 * @param change what the file is to say, given what it says
 * @throws SettingFileError
 */
export async function writeSettings(path: string, change: (file: Table) => Table): Promise<void> {
  const { patch } = await import('@decimalturn/toml-patch');
  const before = (await textOf(path)) ?? '';
  const after = patch(before, change(await parsed(path, before)), {
    inlineTableStart: 2,
    bracketSpacing: false,
  });
  // A disk that is full leaves the old one.
  const beside = `${path}.${process.pid}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(beside, after, { mode: 0o600 });
    await rename(beside, path);
  } catch (error) {
    throw new SettingFileError(`the settings were not written: ${reason(error)}`);
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new SettingFileError(`${path} cannot be read: ${reason(error)}`);
  }
}

async function parsed(path: string, text: string): Promise<Table> {
  const { parse } = await import('@decimalturn/toml-patch');
  try {
    return parse(text) as Table;
  } catch (error) {
    const { line, message } = error as Error & { line?: number };
    throw new SettingFileError(
      `${path}:${line ?? '?'}: no TOML: ${message.split('\n').at(-1)}. --no-config goes without the file.`,
    );
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const HEADING = /^\s*\[\s*([^\]]+?)\s*\]/;
const KEY = /^\s*([\w."'-]+?)\s*=/;

/** The line of a setting; that of the table it stands in when it has none of its own. From 1. */
function lineOf(text: string, path: readonly string[]): number {
  const wanted = path.join('.');
  let table = '';
  let best = { line: 1, length: 0 };
  for (const [index, line] of text.split('\n').entries()) {
    const heading = plain(HEADING.exec(line)?.[1]);
    if (heading !== null) table = `${heading}.`;
    const key = plain(KEY.exec(line)?.[1]);
    const name = heading ?? (key === null ? null : table + key);
    if (name !== null && name.length > best.length && `${wanted}.`.startsWith(`${name}.`))
      best = { line: index + 1, length: name.length };
  }
  return best.line;
}

/** A dotted key without blanks and quotes. */
function plain(key: string | undefined): string | null {
  return key === undefined ? null : key.replace(/["'\s]/g, '');
}
