import { type ChildProcess, spawn } from 'node:child_process';

/** Waits for the end of its input, then ends the group `$1` and removes the folder `$2`. dash knows no `kill --`. */
const SCRIPT = 'read -r _; kill -9 "-$1"; rm -rf -- "$2"';

/**
 * Ends a process group when this process is no more, however it ended: the guard's input is a pipe that only this
 * process holds, and the kernel closes it even after a SIGKILL.
 *
 * @param group the process group, which is the pid of its leader
 * @param folder is removed with it
 * @returns call it once the group was ended in the normal way
 */
export function guard(group: number, folder: string): () => void {
  const child = spawn('sh', ['-c', SCRIPT, 'guard', String(group), folder], {
    // Its own session: a Ctrl-C at the terminal must not end the guard before its work.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  letGo(child);
  return () => child.kill('SIGKILL');
}

/** This process may end without waiting for the child. */
export function letGo(child: ChildProcess): void {
  child.unref();
  // The type does not say so, but the pipe to a child is a net.Socket.
  const pipe = child.stdin as { unref?: () => void } | null;
  pipe?.unref?.();
}
