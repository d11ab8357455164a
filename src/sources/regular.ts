import { close, constants, fstat, open, read, stat } from 'node:fs';
import { promisify } from 'node:util';
import { NotFileError, TooLargeError } from './errors.ts';
import { pushedDocuments } from './pushed.ts';
import { MAX_BYTES } from './stream.ts';

// A stream of a file, or `node:fs/promises`, would load other modules of Node.js for one small read.
const asked = {
  open: promisify(open),
  fstat: promisify(fstat),
  read: promisify(read),
  close: promisify(close),
};

/** Returns the status of the file at a path. A link is followed. */
export const statusOf = promisify(stat);

/**
 * Opens a folder and closes it again.
 *
 * @throws the error of the operating system if this user may not list it
 */
export async function openFolder(path: string): Promise<void> {
  await asked.close(await asked.open(path, constants.O_RDONLY | constants.O_DIRECTORY));
}

/**
 * Reads a regular file. Another user may have replaced the file since its type was checked. Therefore the function does
 * not wait for a pipe and does not read a device.
 *
 * @returns the content, and the Unix seconds of its last change
 * @throws NotFileError if the file is not regular
 * @throws TooLargeError
 */
export async function readRegular(text: string, path: string): Promise<{ bytes: Buffer; changed: number }> {
  const file = await asked.open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const found = await asked.fstat(file);
    if (!found.isFile()) throw new NotFileError(text);
    const { size } = found;
    const bytes = size > MAX_BYTES ? await endOfPushed(text, file, size) : await wholeOf(text, file, size);
    return { bytes, changed: found.mtimeMs / 1000 };
  } finally {
    await asked.close(file);
  }
}

/** Size of one read in bytes, if the file is not smaller. */
const PART = 2 ** 20;

/** Reads a file to its end, which can be after `size` if the file grows. The size of some files, as in /proc, is 0. */
async function wholeOf(text: string, file: number, size: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let received = 0; ; ) {
    const part = Buffer.allocUnsafe(received < size ? Math.min(PART, size - received) : PART);
    const { bytesRead } = await asked.read(file, part, 0, part.length, null);
    if (bytesRead === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, bytesRead));
    received += bytesRead;
    if (received > MAX_BYTES) throw new TooLargeError(text, MAX_BYTES);
  }
}

/**
 * Reads the end of a file that grows with each document (`sources/pushed`).
 *
 * @throws TooLargeError if the file is of another kind
 */
async function endOfPushed(text: string, file: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(MAX_BYTES);
  const { bytesRead } = await asked.read(file, bytes, 0, MAX_BYTES, size - MAX_BYTES);
  const [last] = pushedDocuments(bytes.subarray(0, bytesRead));
  if (last) return bytes.subarray(0, bytesRead);
  throw new TooLargeError(text, MAX_BYTES, 'the file has');
}
