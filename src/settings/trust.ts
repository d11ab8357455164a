import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Mode bits: the group or all others can write; only an owner can remove an entry of the folder. */
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Rejects a folder in which a user other than root could replace a file that root writes. Each folder and link on its
 * path must belong to root, and other users must not be able to write to it. A folder with the sticky bit, such as
 * `/tmp`, may be on the path, but not at its end. If the folder does not exist, the nearest existing parent is the end.
 *
 * @param folder absolute path
 * @param advice what to do instead
 * @throws Error if the folder is not safe
 */
export async function refuseUntrustedFolder(
  folder: string,
  advice = 'Set --config to a file of root',
): Promise<void> {
  let isEnd = true;
  for (const each of upwards(folder)) {
    const stats = await lstat(each).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (!stats) continue;
    if (stats.uid !== 0) throw new Error(untrusted(`${each} belongs to user ${stats.uid}`, advice));
    const isSafe = (stats.mode & WRITABLE_BY_OTHERS) === 0 || (!isEnd && (stats.mode & STICKY) !== 0);
    if (!stats.isSymbolicLink() && !isSafe) throw new Error(untrusted(`others can write to ${each}`, advice));
    isEnd = false;
  }
}

function untrusted(why: string, advice: string): string {
  return `${why}. Root writes only where no other user can. ${advice}`;
}

/** A folder and all its parents, up to the root. */
function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
