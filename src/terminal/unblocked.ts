import { closeSync, constants, fstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import type { WriteStream } from 'node:tty';

type Stream = WriteStream & { fd: number };

/**
 * Makes writes to a terminal return at once, however slow it takes them. Node.js writes to one in the foreground: while
 * a connection stalls, or a window is not looked at, everything would stand still, and with it the reads.
 *
 * Only where the terminal can be opened anew: then libuv has done so (`uv_tty_init`), and what is set here is not set for the
 * shell and others that share it. Elsewhere, as after `su` to another user and without /proc, it stays as it was.
 */
export function unblocked(stream: Stream): Stream {
  const { _handle: handle } = stream as Stream & { _handle?: { setBlocking?(on: boolean): void } };
  if (canBeOpened(stream.fd)) handle?.setBlocking?.(false);
  return stream;
}

/** As libuv does it: by the path that the terminal goes by, if that is still the same terminal. */
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
