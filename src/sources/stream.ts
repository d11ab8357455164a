import { constants, fstatSync, openSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { StalledPipeError, TooLargeError } from './errors.ts';
import { afterSilence } from './silence.ts';

/** Maximum size of a document in bytes. No server writes more: 512 workers with 8 cores each make 1.6 MB. */
export const MAX_BYTES = 64 * 2 ** 20;

/**
 * Reads standard input or a pipe to its end, within the limits.
 *
 * @param timeoutSeconds `null` for no limit: the program that writes to standard input can take any time
 * @throws TargetError if a limit is exceeded
 */
export async function drain(
  target: string,
  stream: Readable,
  timeoutSeconds: number | null,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let received = 0;
  let stopDeadline = () => {};
  if (timeoutSeconds !== null) {
    const late = () => stream.destroy(new StalledPipeError(target, timeoutSeconds, received));
    stopDeadline = afterSilence(timeoutSeconds, late);
  }
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      received += chunk.length;
      if (received > MAX_BYTES) throw new TooLargeError(target, MAX_BYTES);
    }
  } finally {
    stopDeadline();
    stream.destroy();
  }
  return Buffer.concat(chunks);
}

/**
 * Status of the file that is open as standard input; `null` if it is closed. Node.js reads a directory on standard
 * input as an empty file.
 */
export function inputOf(fd: number): Stats | null {
  try {
    return fstatSync(fd);
  } catch {
    return null;
  }
}

/** Opens a named pipe, or the pipe of `<(command)`, without waiting for a program that opens the other end. */
export function openPipe(path: string): Readable {
  return new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
}
