import { closeSync, constants, fstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import type { WriteStream } from 'node:tty';

type Stream = WriteStream & { fd: number };

/**
 * Makes writes to a terminal return at once, however slowly the terminal accepts them. By default, Node.js writes to a
 * terminal synchronously. While a connection stalls, or a window is hidden, the whole process would block, including
 * its reads.
 *
 * Applies only if the terminal can be reopened. libuv has then reopened it (`uv_tty_init`), so the flag does not affect
 * the shell and other programs that share the terminal. Otherwise the stream is unchanged, as after `su` to another
 * user or without /proc.
 */
export function unblocked(stream: Stream): Stream {
  const { _handle: handle } = stream as Stream & { _handle?: { setBlocking?(on: boolean): void } };
  if (canBeOpened(stream.fd)) handle?.setBlocking?.(false);
  return stream;
}

/** Tests what libuv tests: whether the terminal's path can be opened and still leads to the same terminal. */
function canBeOpened(fd: number): boolean {
  try {
    const path = readlinkSync(`/proc/self/fd/${fd}`);
    const [open, named] = [fstatSync(fd), statSync(path)];
    if (open.rdev !== named.rdev || open.ino !== named.ino || open.dev !== named.dev) return false;
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
