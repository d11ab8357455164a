import { lstat, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MAX_PATH_BYTES } from '../sockets.ts';

/**
 * The longest path of a socket in the folder: `ssh` adds a dot and 16 characters to the control socket while it creates
 * it.
 */
const LONGEST = '/statstop-123456/control.1234567890123456'.length;

/** Other characters have a meaning in options of `ssh` or in the input of `guard`. */
const PLAIN = /^[\w./@+-]+$/;

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Creates a folder for sockets that only this user can enter. Its parent is the runtime directory of the user, or else a
 * directory for temporary files. No other user can replace the folder.
 *
 * @param parents the directories to try, in this order
 * @throws Error if no parent is suitable
 */
export async function privateFolder(
  parents: readonly (string | undefined)[] = [process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'],
): Promise<string> {
  for (const parent of parents) {
    if (!parent?.startsWith('/')) continue;
    try {
      const path = await realpath(parent);
      if (PLAIN.test(path) && path.length + LONGEST <= MAX_PATH_BYTES && (await isSafe(path)))
        return await mkdtemp(join(path, 'statstop-'));
    } catch {
      // It does not exist, or this user may not write there.
    }
  }
  throw new Error('there is no directory for the sockets of ssh');
}

/** Whether only root and this user can rename an entry of the folder that belongs to this user. */
export async function isSafe(folder: string): Promise<boolean> {
  const { uid, mode } = await lstat(folder);
  const isOurs = uid === 0 || uid === process.getuid?.();
  const isKept = (mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0;
  if (!isOurs || !isKept) return false;
  const above = dirname(folder);
  return above === folder || isSafe(above);
}
