import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Mode bits: the group or all others can write; only an owner can remove an entry of the folder. */
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Refuses a folder in which a user other than root could replace what root writes: each folder on its path, or link,
 * must belong to root, and others must not be able to write to it. A folder with the sticky bit, such as `/tmp`, may
 * be on the path, but not its end. The folder need not exist: then the nearest one that does is the end.
 *
 * @param folder absolute
 * @throws Error
 */
export async function refuseUntrustedFolder(folder: string): Promise<void> {
  let isEnd = true;
  for (const each of upwards(folder)) {
    const stats = await lstat(each).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (!stats) continue;
    if (stats.uid !== 0) throw new Error(untrusted(`${each} belongs to user ${stats.uid}`));
    const isSafe = (stats.mode & WRITABLE_BY_OTHERS) === 0 || (!isEnd && (stats.mode & STICKY) !== 0);
    if (!stats.isSymbolicLink() && !isSafe) throw new Error(untrusted(`others can write to ${each}`));
    isEnd = false;
  }
}

function untrusted(why: string): string {
  return `${why}, and root writes only where no other user can. Name a file of root with --config`;
}

/** A folder, the one above it, and so on up to the root. */
function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
