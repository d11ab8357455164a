import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A shell that reads from this process. The end of its input shows that this process has ended. */
export type Background = ChildProcessByStdio<Writable, Readable, null>;

/**
 * The complete environment of the shell. Only system directories are searched. A directory in the user's PATH may belong
 * to another user, who could place a program there that root would run.
 */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/**
 * Returns a child process that has its streams. Without a free file descriptor, Node.js makes none.
 *
 * @throws Error with the code of the system
 */
export function withStreams<Child extends ChildProcess>(child: Child): Child {
  if (child.stdio !== undefined) return child;
  // Node.js also emits the error, which has no other listener.
  child.on('error', () => {});
  throw Object.assign(new Error('no free file descriptor'), { code: 'EMFILE' });
}

/**
 * Starts `/bin/sh` with a script and its arguments `$1`, `$2`, ... It does not keep this process alive. Errors appear as
 * the event `exit` or `error`.
 *
 * @throws Error without a free file descriptor
 */
export function startShell(script: string, args: readonly string[] = []): Background {
  const child = withStreams(
    spawn('/bin/sh', ['-c', script, 'sh', ...args], {
      env: ENVIRONMENT,
      // A process group of its own: it gets no signals from the terminal's keys, and is killed together with its children.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    }),
  );
  child.stdout.setEncoding('utf8');
  for (const each of [child, child.stdin]) each.on('error', () => {});
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) letGo(pipe);
  return child;
}

/**
 * Lets this process exit while the pipe is open. The declared type lacks `unref`, but a pipe to a child is a
 * net.Socket.
 */
export function letGo(pipe: Readable | Writable): void {
  (pipe as { unref?: () => void }).unref?.();
}
