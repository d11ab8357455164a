import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { cpus, hostname, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Surroundings } from './surroundings.ts';

/** Maximum size of a configuration and of the files that it names, in bytes. Real ones have a few kilobytes. */
const MAX_BYTES = 128 * 1024;

/** A regular file that is small enough to be a configuration. */
export interface SmallFile {
  text: string;
  stats: Stats;
}

/**
 * Reads a small file. It never waits for a pipe or a device.
 *
 * @throws Error of the operating system with its code; also if the file is not regular or too large
 */
export function readSmall(path: string): SmallFile {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error('it is not a regular file');
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    // The size of files in /proc is unknown before they are read.
    let length = 0;
    for (let count = -1; count !== 0 && length < bytes.length; length += count)
      count = readSync(file, bytes, length, bytes.length - length, null);
    if (length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024} KiB`);
    return { text: bytes.subarray(0, length).toString('utf8'), stats };
  } finally {
    closeSync(file);
  }
}

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Whether statstop may open the files that a file names. As root only if no other user can change the file: another user
 * could make root open any file. Other users have only their own rights.
 */
export function isTrusted({ uid, mode }: Stats): boolean {
  return process.geteuid?.() !== 0 || (uid === 0 && (mode & WRITABLE_BY_OTHERS) === 0);
}

/** How the server is started, as far as it matters to its configuration. */
export interface Start {
  environment: Readonly<Record<string, string | undefined>>;
  /** Absolute path. */
  cwd: string;
}

/**
 * The surroundings of a configuration: those that uWSGI would have if this user started it now.
 *
 * @param configuration absolute path of the file
 */
export function surroundingsOf(configuration: string, { environment, cwd }: Start): Surroundings {
  const placeOf = (name: string) => placeOfName(name, configuration, cwd);
  const texts = new Map<string, string>();
  return {
    environment,
    cwd,
    hostname: hostname(),
    cpus: cpus().length,
    uid: process.getuid?.() ?? 0,
    userName: nameOfUser(),
    gid: process.getgid?.() ?? 0,
    nameOf: (name) => nameOf(placeOf(name)),
    kindOf: (name) => kindOf(placeOf(name)),
    read(name) {
      // A loop reads its file for each option.
      const known = texts.get(name);
      if (known !== undefined) return known;
      const { text, stats } = readSmall(placeOf(name));
      if (!isTrusted(stats)) throw new Error('another user can change it, so root does not follow it');
      texts.set(name, text);
      return text;
    },
  };
}

/**
 * The absolute path of a file that a configuration names. A relative name that does not exist in the working directory is
 * looked for beside the configuration, because the directory in which a server was started is unknown.
 */
export function placeOfName(name: string, configuration: string, cwd: string): string {
  const here = resolve(cwd, name);
  if (kindOf(here) !== null) return here;
  const beside = resolve(dirname(configuration), name);
  return kindOf(beside) === null ? here : beside;
}

/** A file that is itself a link keeps its name. */
function nameOf(path: string): string {
  return lstatSync(path).isSymbolicLink() ? path : realpathSync(path);
}

function kindOf(path: string): 'file' | 'folder' | 'other' | null {
  try {
    const stats = statSync(path);
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  } catch {
    return null;
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // The user has no entry in the list of users.
    return String(process.getuid?.() ?? '');
  }
}
