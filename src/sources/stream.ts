import { constants, fstatSync, openSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { StalledPipeError, TooLargeError } from './errors.ts';
import { afterSilence } from './silence.ts';

/** More than any server writes: 512 workers of 8 cores make 1.6 MB. */
export const MAX_BYTES = 64 * 2 ** 20;

/**
 * Reads standard input or a pipe to its end, within the limits.
 *
 * @param timeoutSeconds `null` for no limit: standard input has the time that whoever writes it takes
 * @throws TargetError
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

/** What is open as standard input: Node.js reads a directory there as if it were empty. `null` if it is closed. */
export function inputOf(fd: number): Stats | null {
  try {
    return fstatSync(fd);
  } catch {
    return null;
  }
}

/** A named pipe, or that of `<(command)`: opened without waiting for somebody to open its other end. */
export function openPipe(path: string): Readable {
  return new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
}
