import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readFile, readlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { isLocal, type Mount, mountById, mountOf, mountsIn } from './mounts.ts';
import { readNow } from './now.ts';
import { type ProcessStatus, statusOf } from './proc.ts';
import { statOf } from './stat.ts';

/**
 * Opens files that another process names: in its document, or by a socket that it bound. statstop often runs as root, and
 * the process belongs to a user who may want root to open something. So each part of the path is opened by itself:
 * - inside the root folder of the process, symbolic links included, and never through `..` out of it;
 * - only if the user of the process could do the same, by owner, group and mode;
 * - only on a local file system: one that a program or another machine serves can hang for ever;
 * - by O_PATH, which does not open a device, a FIFO or a socket, and gives a descriptor that cannot be exchanged.
 */

/** Not in Node.js. The same number on all architectures that Node.js runs on. */
const O_PATH = 0o10000000;
const { O_DIRECTORY, O_NOFOLLOW } = constants;

/** As the kernel's own limit for one path (path_resolution(7)). */
const MOST_LINKS = 40;
/** Each part is a system call. */
const MOST_PARTS = 400;

/** What is expected under the name. */
export type Kind = 'folder' | 'socket';

/** There is something else under the name. */
export class OtherKindError extends Error {
  override name = 'OtherKindError';
}

function isOf(kind: Kind, stat: Stats): boolean {
  return kind === 'folder' ? stat.isDirectory() : stat.isSocket();
}

/**
 * @param folder of the process, `/proc/PID`
 * @param path as the process sees it, absolute
 * @returns a descriptor to be closed; `pathOf` leads to what it is open on. It can be used for nothing else
 * @throws Error when there is no such file, when it is of another kind, or when a rule above refuses it
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
    if (kind === 'folder' && !may(user, stat, READ | SEARCH)) throw new Error('its user may not read it');
    // Another process can have the same pid by now.
    if (started === undefined || statOf(folder)?.startedAfterBoot !== started)
      throw new Error('it has ended');
    return walk.take();
  } finally {
    await walk.close();
  }
}

/** A path of a process from its root: a relative one begins in its working folder. @throws Error without permission */
export async function absolute(folder: string, path: string): Promise<string> {
  if (isAbsolute(path)) return path;
  const [root, cwd] = await Promise.all([readlink(`${folder}/root`), readlink(`${folder}/cwd`)]);
  // Links of a process lead from our root.
  return join(root !== '/' && cwd.startsWith(`${root}/`) ? cwd.slice(root.length) : cwd, path);
}

async function mountsOf(folder: string): Promise<Mount[]> {
  return mountsIn(await readFile(`${folder}/mountinfo`, 'utf8'));
}

/** A path to what a descriptor is open on. It is good until that is closed. */
export function pathOf({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`;
}

interface Opened {
  file: FileHandle;
  stat: Stats;
}

/** The way from the root of a process to a file: a descriptor for each part. */
class Walk {
  readonly #user: ProcessStatus;
  /** As the process sees them, and those of both of us. */
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
    // The root of a chroot is no mount point, and its mount is not among those that the process sees.
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

  /** @returns where the part leads, if it is a symbolic link */
  async #enter(name: string): Promise<string | null> {
    // Before it is touched: to enter a file system of another machine can hang.
    mustBeLocal(mountOf(this.#mounts, `/${[...this.#names, name].join('/')}`));
    const path = `${pathOf(this.last.file)}/${name}`;
    this.#names.push(name);
    if (!(await this.#push(await open(path, O_PATH | O_NOFOLLOW))).isSymbolicLink()) return null;
    await this.#leave();
    this.#links += 1;
    if (this.#links > MOST_LINKS) throw new Error('too many symbolic links');
    const link = await readlink(path);
    while (link.startsWith('/') && this.#names.length > 0) await this.#leave();
    return link;
  }

  /** To the folder before; of the root that is itself. */
  async #leave(): Promise<void> {
    if (this.#names.pop() !== undefined) await this.#opened.pop()?.file.close();
  }

  async #push(file: FileHandle): Promise<Stats> {
    try {
      // And after it: it can have been mounted in between.
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

  /** The last descriptor, which is no longer closed with the others. */
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
  if (!isLocal(mount)) throw new Error('not on a local file system');
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

const READ = 4;
const SEARCH = 1;

/** Whether the user of a process has all of these rights to a file. Rights that only an ACL gives do not count. */
function may({ fsUid, groups }: ProcessStatus, { uid, gid, mode }: Stats, rights: number): boolean {
  // We are that user: the kernel decides. That is so for root, too, who may do everything.
  if (fsUid === process.geteuid?.()) return true;
  const shift = fsUid === uid ? 6 : groups.has(gid) ? 3 : 0;
  return ((mode >> shift) & rights) === rights;
}
