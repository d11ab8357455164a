import type { FileHandle } from 'node:fs/promises';
import { absolute, descriptorPath, openNamed } from './named.ts';
import { isInOurNetwork, unixListeners } from './proc.ts';
import type { Server, ServerSocket } from './server.ts';
import { Ss } from './ss.ts';
import { statOf } from './stat.ts';

/** A stats socket, ready to connect to. */
export interface OpenedStats {
  /** A target that always leads to the checked socket, even if its file is renamed or replaced. */
  target: string;
  /** Invalidates the target. */
  close(): Promise<void>;
}

/**
 * Prepares a connection to a stats socket that `discover` has found, and that no user gave as a target. The owner of the
 * process chose its path, and can replace the file: root would connect to any socket of the machine. Therefore the path
 * is followed by the rules of `host/named`, and the file must be the one that the socket was bound to.
 *
 * `ss` reports that file for sockets in our network namespace. For others, it must be a socket that the user of the
 * process could connect to.
 *
 * @returns `null` if the socket has no target, the process has ended, or a check fails
 */
export async function openStats(
  server: Server,
  socket: ServerSocket,
  proc = '/proc',
): Promise<OpenedStats | null> {
  if (socket.target === null) return null;
  const folder = `${proc}/${server.pid}`;
  let file: FileHandle | null = null;
  try {
    const isSame = () => statOf(folder)?.startedAfterBoot === server.startedAfterBoot;
    if (!isSame()) return null;
    const listener = (await unixListeners(folder)).find(({ inode }) => inode === socket.inode);
    // An address and port, and an abstract name, lead to no file.
    if (!listener || listener.path.startsWith('@')) return { target: socket.target, close: async () => {} };
    file = await openNamed(folder, await absolute(folder, listener.path), 'socket');
    const bound = (await isInOurNetwork(folder, proc)) ? await fileOf(socket.inode) : null;
    const { ino } = await file.stat();
    if (!isSame() || (bound !== null && bound !== ino % 2 ** 32)) throw new Error('replaced');
    const opened = file;
    return { target: descriptorPath(opened), close: () => opened.close() };
  } catch {
    await file?.close();
    return null;
  }
}

/** Lower 32 bits of the inode of the file that a socket is bound to. `null` if `ss` does not report it. */
async function fileOf(inode: string): Promise<number | null> {
  const ss = new Ss();
  try {
    return (await ss.listeners(false)).find((each) => each.inode === inode)?.file ?? null;
  } catch {
    return null;
  } finally {
    ss.close();
  }
}
