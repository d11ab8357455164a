import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder that is missing, and those above it, with access only for this user. `mkdir` of Node.js with `recursive`
 * never returns for a folder below one in which nothing can be made, such as `/proc`.
 *
 * @param path absolute path
 * @throws Error of the system
 */
export function makeFolders(path: string): void {
  const missing: string[] = [];
  for (let at = path; !statSync(at, { throwIfNoEntry: false }); at = dirname(at)) missing.push(at);
  for (const each of missing.reverse()) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      // Another process can have made it in the meantime.
      if (!statSync(each, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  }
}
