import { type ChildProcess, spawn } from 'node:child_process';

/** At the end of its input, kills the group `$1` and removes the folder `$2`. dash does not support `kill --`. */
const SCRIPT = 'read -r _; kill -9 "-$1"; rm -rf -- "$2"';

/**
 * Kills a process group when this process ends, for whatever reason. The guard's input is a pipe that only this process
 * holds. The kernel closes it even after a SIGKILL.
 *
 * @param group the process group: the pid of its leader
 * @param folder the folder to remove with it
 * @returns a function to call after the group has ended normally
 */
export function guard(group: number, folder: string): () => void {
  const child = spawn('sh', ['-c', SCRIPT, 'guard', String(group), folder], {
    // A separate session: Ctrl-C at the terminal must not end the guard before it has cleaned up.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  letGo(child);
  return () => child.kill('SIGKILL');
}

/** Lets this process end without waiting for the child. */
export function letGo(child: ChildProcess): void {
  child.unref();
  // The type does not declare it, but the pipe to a child is a net.Socket.
  const pipe = child.stdin as { unref?: () => void } | null;
  pipe?.unref?.();
}
