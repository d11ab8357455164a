import { constants, type Stats } from 'node:fs';
import { access, lstat, readlink, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What stat(2) and access(2) say about a file that the user named. */
export interface FileFacts {
  path: string;
  type: 'socket' | 'file' | 'folder' | 'pipe' | 'device';
  uid: number;
  gid: number;
  /** Permission bits, with those of set-id and the sticky bit. */
  mode: number;
  /** The content of the symbolic link, if the path is one. */
  link: string | null;
  mayRead: boolean;
  mayWrite: boolean;
}

/** @throws Error of the operating system */
export async function factsOf(path: string): Promise<FileFacts> {
  const [found, link] = await Promise.all([stat(path), linkOf(path)]);
  return {
    path,
    type: typeOf(found),
    uid: found.uid,
    gid: found.gid,
    mode: found.mode & 0o7777,
    link,
    mayRead: await may(path, constants.R_OK),
    mayWrite: await may(path, constants.W_OK),
  };
}

/**
 * The nearest folder above a path that can be inspected. Below a folder that this user may not search, nothing can be.
 */
export async function folderAbove(path: string): Promise<FileFacts> {
  const folder = dirname(resolve(path));
  return factsOf(folder).catch((error: unknown) => {
    if (folder === '/') throw error;
    return folderAbove(folder);
  });
}

function typeOf(found: Stats): FileFacts['type'] {
  if (found.isSocket()) return 'socket';
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isFile() ? 'file' : 'device';
}

async function linkOf(path: string): Promise<string | null> {
  return (await lstat(path)).isSymbolicLink() ? readlink(path) : null;
}

function may(path: string, right: number): Promise<boolean> {
  return access(path, right).then(
    () => true,
    () => false,
  );
}
