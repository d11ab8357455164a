import { rmdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for sockets, for this user only. */
export interface SocketFolder {
  /** The path of a socket in it. */
  place(name: string): string;
  /** Removes the folder with its sockets. Happens at the end of the process too. */
  remove(): void;
}

export async function socketFolder(): Promise<SocketFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'statstop-demo-'));
  const places = new Set<string>();
  const remove = () => {
    process.off('exit', remove);
    removeFolder(folder, places);
  };
  process.once('exit', remove);
  return {
    place(name) {
      const path = join(folder, name);
      places.add(path);
      return path;
    },
    remove,
  };
}

/**
 * Removes only files that the servers created. If others can rename the folder, a recursive removal could delete more.
 */
function removeFolder(folder: string, sockets: Iterable<string>): void {
  try {
    for (const socket of sockets) rmSync(socket, { force: true });
    rmdirSync(folder);
  } catch {
    // A program that cleans temporary files has already removed the folder.
  }
}
