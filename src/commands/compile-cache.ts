import { lstatSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { makeFolders } from '../settings/folders.ts';
import { build } from './version.ts';

/** The first version of Node.js that can keep compiled code. */
const FIRST_NODE = 22;

const WRITABLE_BY_OTHERS = 0o022;
const FOR_OTHERS = 0o077;

/**
 * Lets Node.js keep the compiled code of this program in the cache folder of the user, so that later starts are faster.
 * Node.js runs the code that it finds there. Therefore the folder is used only if no other user can have changed it. The
 * executable contains its compiled code. NODE_DISABLE_COMPILE_CACHE=1 switches this off.
 */
export function keepCompiledCode(env: NodeJS.ProcessEnv): void {
  if (Number.parseInt(process.versions.node, 10) < FIRST_NODE || build().form === 'executable') return;
  if (env.NODE_DISABLE_COMPILE_CACHE || env.NODE_COMPILE_CACHE) return;
  const base = cachesOf(env);
  if (base === null) return;
  const folder = join(base, 'statstop');
  try {
    if (!isPrivate(folder)) return;
  } catch {
    // The folder cannot be created.
    return;
  }
  const { enableCompileCache } = nodeModule as { enableCompileCache?(folder: string): unknown };
  enableCompileCache?.(folder);
}

/** The folder for caches (XDG Base Directory Specification); `null` if the environment names none. */
function cachesOf({ XDG_CACHE_HOME: caches = '', HOME: home = '' }: NodeJS.ProcessEnv): string | null {
  if (caches.startsWith('/')) return caches;
  return home.startsWith('/') ? join(home, '.cache') : null;
}

/**
 * Makes a folder if it is missing.
 *
 * @param folder absolute path
 * @returns whether only this user and root can change the folder. Each folder on its path must belong to one of them, and
 *   no other user may write to it. Links are refused. Nothing below a refused folder is examined.
 */
function isPrivate(folder: string): boolean {
  const user = process.geteuid?.() ?? 0;
  let path = '/';
  for (const part of ['', ...folder.split('/').filter(Boolean)]) {
    path = join(path, part);
    const found = lstatSync(path, { throwIfNoEntry: false });
    // The folders above are known to be safe.
    if (!found) {
      makeFolders(folder);
      return true;
    }
    const { uid, mode } = found;
    const isSafe = found.isDirectory() && (uid === user || uid === 0) && (mode & WRITABLE_BY_OTHERS) === 0;
    if (!isSafe) return false;
    // Node.js makes folders in it with the rights that the umask leaves.
    if (path === folder) return uid === user && (mode & FOR_OTHERS) === 0;
  }
  return false;
}
