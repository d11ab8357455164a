import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readFile, readlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { isLocalMount, type Mount, mountById, mountOf, mountsIn } from './mounts.ts';
import { readNow } from './now.ts';
import { type ProcessStatus, statusOf } from './proc.ts';
import { statOf } from './stat.ts';

/**
 * Opens files that another process names, in its document or by a socket that it bound. statstop often runs as root,
 * and the owner of the process may try to make root open other files. Therefore each part of the path is opened
 * separately:
 * - inside the root directory of the process, also for symbolic links; `..` never leads out of it;
 * - only if the user of the process could do the same, by owner, group and mode;
 * - only on a local file system: one that a program or another machine serves can block forever;
 * - with O_PATH, which does not open a device, FIFO or socket itself, and whose descriptor always refers to the same
 *   file.
 */

/** Not defined in Node.js. The value is the same on all architectures that Node.js supports. */
const O_PATH = 0o10000000;
const { O_DIRECTORY, O_NOFOLLOW } = constants;

/** The kernel's own limit for one path (path_resolution(7)). */
const MOST_LINKS = 40;
/** Limits the number of system calls: each part of a path takes at least one. */
const MOST_PARTS = 400;

/** The expected type of the file. */
export type Kind = 'folder' | 'file' | 'socket';

/** The file exists but has another type. */
export class OtherKindError extends Error {
  override name = 'OtherKindError';
}

function isOf(kind: Kind, stat: Stats): boolean {
  return { folder: stat.isDirectory(), file: stat.isFile(), socket: stat.isSocket() }[kind];
}

/**
 * Opens a file by the rules above. Close the returned descriptor after use; use it only through `pathOf`.
 *
 * @param folder directory of the process, `/proc/PID`
 * @param path absolute, as the process sees it
 * @throws Error if the file does not exist, has another type, or is refused by one of the rules
 */
export async function openNamed(folder: string, path: string, kind: Kind): Promise<FileHandle> {
  if (!path.startsWith('/')) throw new Error('not an absolute path');
  const started = statOf(folder)?.startedAfterBoot;
  const user = await statusOf(folder);
  const [theirs, ours] = await Promise.all([mountsOf(folder), mountsOf('/proc/self')]);
  const walk = new Walk(user, theirs, ours);
  try {
    await walk.begin(`${folder}/root`);
    await walk.to(path);
    const { stat } = walk.last;
    if (!isOf(kind, stat)) throw new OtherKindError(path);
    if (!may(user, stat, RIGHTS[kind])) throw new Error('its user may not use it');
    // Another process may have the same pid by now.
    if (started === undefined || statOf(folder)?.startedAfterBoot !== started)
      throw new Error('it has ended');
    return walk.take();
  } finally {
    await walk.close();
  }
}

/**
 * Makes a path of a process absolute, from its root. A relative path starts in its working directory.
 *
 * @throws Error without permission
 */
export async function absolute(folder: string, path: string): Promise<string> {
  if (isAbsolute(path)) return path;
  const [root, cwd] = await Promise.all([readlink(`${folder}/root`), readlink(`${folder}/cwd`)]);
  // The kernel reports both links as paths from our root.
  return join(root !== '/' && cwd.startsWith(`${root}/`) ? cwd.slice(root.length) : cwd, path);
}

async function mountsOf(folder: string): Promise<Mount[]> {
  return mountsIn(await readFile(`${folder}/mountinfo`, 'utf8'));
}

/** A path to the file that a descriptor refers to. It is valid until the descriptor is closed. */
export function descriptorPath({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`;
}

interface Opened {
  file: FileHandle;
  stat: Stats;
}

/** The walk from the root of a process to a file, with an open descriptor for each part of the path. */
class Walk {
  readonly #user: ProcessStatus;
  /** The mounts that the process sees (`#mounts`), and those that the process or statstop sees (`#all`). */
  #mounts: readonly Mount[];
  readonly #all: readonly Mount[];
  readonly #names: string[] = [];
  readonly #opened: Opened[] = [];
  #links = 0;

  constructor(user: ProcessStatus, mounts: readonly Mount[], ours: readonly Mount[]) {
    this.#user = user;
    this.#mounts = mounts;
    this.#all = [...mounts, ...ours];
  }

  get last(): Opened {
    const last = this.#opened.at(-1);
    if (last === undefined) throw new Error('not begun');
    return last;
  }

  async begin(root: string): Promise<void> {
    await this.#push(await open(root, O_PATH | O_DIRECTORY));
    // The root of a chroot is not a mount point, and its mount is missing from the mounts that the process sees.
    const mount = this.#mountOf(this.last.file);
    if (mount && !mountOf(this.#mounts, '/')) this.#mounts = [{ ...mount, point: '/' }, ...this.#mounts];
  }

  async to(path: string): Promise<void> {
    const parts = partsOf(path);
    for (let count = 0; parts.length > 0; count += 1) {
      if (count > MOST_PARTS) throw new Error('too long a path');
      const part = parts.shift() ?? '';
      const { stat } = this.last;
      if (!stat.isDirectory() || !may(this.#user, stat, SEARCH)) throw new Error('its user may not go there');
      if (part === '..') await this.#leave();
      else {
        const link = await this.#enter(part);
        if (link !== null) parts.unshift(...partsOf(link));
      }
    }
  }

  /** @returns the contents of the link, if the part is a symbolic link */
  async #enter(name: string): Promise<string | null> {
    // Check before opening: opening a directory on a remote file system can block.
    mustBeLocal(mountOf(this.#mounts, `/${[...this.#names, name].join('/')}`));
    const path = `${descriptorPath(this.last.file)}/${name}`;
    this.#names.push(name);
    if (!(await this.#push(await open(path, O_PATH | O_NOFOLLOW))).isSymbolicLink()) return null;
    await this.#leave();
    this.#links += 1;
    if (this.#links > MOST_LINKS) throw new Error('too many symbolic links');
    const link = await readlink(path);
    while (link.startsWith('/') && this.#names.length > 0) await this.#leave();
    return link;
  }

  /** Returns to the parent directory. The root is its own parent. */
  async #leave(): Promise<void> {
    if (this.#names.pop() !== undefined) await this.#opened.pop()?.file.close();
  }

  async #push(file: FileHandle): Promise<Stats> {
    try {
      // Check again after opening: a file system may have been mounted in between.
      mustBeLocal(this.#mountOf(file));
      const stat = await file.stat();
      this.#opened.push({ file, stat });
      return stat;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #mountOf({ fd }: FileHandle): Mount | undefined {
    return mountById(this.#all, readNow(`/proc/self/fdinfo/${fd}`) ?? '');
  }

  /** Returns the last descriptor. `close` does not close it. */
  take(): FileHandle {
    const { file } = this.last;
    this.#opened.pop();
    return file;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map(({ file }) => file.close()));
  }
}

function mustBeLocal(mount: Mount | undefined): void {
  if (!isLocalMount(mount)) throw new Error('not on a local file system');
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

const READ = 4;
const WRITE = 2;
const SEARCH = 1;

/** Rights that the user needs to use a file of that type. To connect to a socket takes the right to write (unix(7)). */
const RIGHTS: Readonly<Record<Kind, number>> = { folder: READ | SEARCH, file: READ, socket: WRITE };

/** Whether the user of a process has all of these rights to a file. Rights granted only by an ACL do not count. */
function may({ fsUid, groups }: ProcessStatus, { uid, gid, mode }: Stats, rights: number): boolean {
  // The process has our own user, so the kernel checks the rights. This includes root, which has all rights.
  if (fsUid === process.geteuid?.()) return true;
  const shift = fsUid === uid ? 6 : groups.has(gid) ? 3 : 0;
  return ((mode >> shift) & rights) === rights;
}
