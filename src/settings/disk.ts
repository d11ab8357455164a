import { randomUUID } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import {
  access,
  type FileHandle,
  link,
  lstat,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolders } from './folders.ts';
import { MAX_BYTES } from './limits.ts';
import { refuseUntrustedFolder } from './trust.ts';

/** The content and the metadata of a file. */
export interface Read {
  text: string;
  /** Metadata at the time of the read, used to detect later changes. */
  stats: BigIntStats;
}

/**
 * Reads a text file of limited size. It never waits for a pipe or a device. It is synchronous, because every start reads
 * this file, and would load `node:fs/promises` only for it.
 *
 * @throws Error of the operating system with its code; also if the file is not regular, too large or not UTF-8
 */
export function readText(path: string): Read {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file, { bigint: true });
    if (!stats.isFile()) throw new Error(stats.isDirectory() ? 'it is a folder' : 'it is not a regular file');
    // The size of some files, such as those of /proc, is unknown before they are read.
    const bytes = beginningOf(file, MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 2 ** 10} KiB`);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), stats };
  } finally {
    closeSync(file);
  }
}

/** Reads at most `most` bytes from the beginning of a file. */
function beginningOf(file: number, most: number): Uint8Array {
  const bytes = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const count = readSync(file, bytes, length, most - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/**
 * Returns the path to which a file is written. A symbolic link is followed only if its owner can be trusted: see
 * `followed`.
 *
 * @throws Error if a link must not be followed or its target does not exist; for root, if other users can write to the
 *   folder
 */
export async function placeToWrite(path: string): Promise<string> {
  const given = resolve(path);
  if (isRoot()) await refuseUntrustedFolder(dirname(given));
  const stats = await lstat(given).catch(absent);
  const place = stats?.isSymbolicLink() ? await followed(given, stats.uid) : given;
  makeFolders(dirname(place));
  const folder = await realpath(dirname(place));
  if (isRoot()) await refuseUntrustedFolder(folder);
  return join(folder, basename(place));
}

/**
 * Follows a link by the rule of `protected_symlinks` on Linux: its owner must be the user, root, or the owner of the
 * target.
 */
async function followed(path: string, owner: number): Promise<string> {
  const target = await stat(path).catch(absent);
  if (!target) throw new Error(`${path} is a link to ${await readlink(path)}, which does not exist`);
  if (owner !== 0 && owner !== process.geteuid?.() && owner !== target.uid)
    throw new Error(
      `${path} is a link of user ${owner} to a file of user ${target.uid}. Set --config to the file`,
    );
  return realpath(path);
}

/**
 * Replaces a file with a text. An existing file keeps its owner, group and mode. A new file is readable and writable
 * only by the user. The old file stays until the new one is on the disk.
 *
 * @param place a path from `placeToWrite`
 * @param before metadata of the file when it was read; `null` if there was none
 * @param isPrivate whether the file gets the mode 0600, and the group of this process, even if it existed before
 * @throws Error if the write fails, or if the file has changed since it was read
 */
export async function replaceText(
  place: string,
  before: BigIntStats | null,
  text: string,
  isPrivate = false,
): Promise<void> {
  const folder = await open(
    dirname(place),
    constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
  );
  try {
    const base = await pathOf(folder, dirname(place));
    const file = join(base, basename(place));
    const beside = join(base, `.${basename(place)}.${randomUUID()}.new`);
    try {
      await refuseChanged(file, before);
      await writeBeside(beside, isPrivate ? null : before, text);
      await refuseChanged(file, before);
      // Unlike rename, link does not replace a file that another program has just made.
      await (before ? rename(beside, file) : link(beside, file));
    } finally {
      await rm(beside, { force: true });
    }
  } finally {
    await folder.close();
  }
}

/**
 * Returns a path into an open folder that stays valid if another folder takes its name. Without /proc, it is the name.
 */
async function pathOf(folder: FileHandle, name: string): Promise<string> {
  const path = `/proc/self/fd/${folder.fd}`;
  return access(path).then(
    () => path,
    () => name,
  );
}

async function refuseChanged(file: string, before: BigIntStats | null): Promise<void> {
  const now = await lstat(file, { bigint: true }).catch(absent);
  if (now && !now.isFile()) throw new Error('it is not a regular file');
  // After a rename, the other hard links would keep the old text.
  if (now && now.nlink > 1n) throw new Error('it has several hard links');
  const same = now === null ? before === null : before !== null && isSame(now, before);
  if (!same) throw new Error('another program has changed the file. Try again');
}

function isSame(one: BigIntStats, other: BigIntStats): boolean {
  return (['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const).every((name) => one[name] === other[name]);
}

async function writeBeside(path: string, before: BigIntStats | null, text: string): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(text);
    if (before) await keepOwnerAndMode(file, before);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function keepOwnerAndMode(file: FileHandle, { uid, gid, mode }: BigIntStats): Promise<void> {
  const own = await file.stat({ bigint: true });
  if (own.uid !== uid || own.gid !== gid)
    await file.chown(Number(uid), Number(gid)).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EPERM'
        ? new Error(`you cannot keep its owner (user ${uid}, group ${gid})`)
        : error;
    });
  await file.chmod(Number(mode & 0o777n));
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** Returns `null` if a file does not exist, and throws other errors again. */
function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
