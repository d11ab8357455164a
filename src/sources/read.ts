import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { FileTarget, SocketTarget, Target } from '../targets/target.ts';
import { type Answer, answer, now, type ReadOptions } from './answer.ts';
import { IsDirectoryError, NotFileError, TargetError, TooLargeError } from './errors.ts';
import { pushedDocuments } from './pushed.ts';
import { readExec } from './read-exec.ts';
import { readSocket } from './read-socket.ts';
import { readSsh } from './read-ssh.ts';
import { drain, inputOf, MAX_BYTES, openPipe } from './stream.ts';
import { systemError } from './system-error.ts';

/**
 * Reads a target once.
 *
 * @throws TargetError a class that names the cause
 */
export async function read(target: Target, options: ReadOptions): Promise<Answer> {
  switch (target.kind) {
    case 'socket':
      return readSocket(target, options);
    case 'path':
      return readPath(target, options);
    case 'stdin':
      return readStdin(target.text);
    case 'exec':
      return readExec(target, options);
    case 'ssh':
      return readSsh(target, options);
  }
}

/**
 * The shell may have redirected a file to standard input. The file's modification time is then the time of the
 * document.
 */
async function readStdin(text: string): Promise<Answer> {
  const input = inputOf(process.stdin.fd);
  if (input?.isDirectory()) throw new IsDirectoryError(text);
  const bytes = await drain(text, process.stdin, null);
  const [time, clock] = now();
  return input?.isFile()
    ? answer(text, bytes, input.mtimeMs / 1000, clock)
    : { ...answer(text, bytes, time, clock), origin: 'pipe' };
}

async function readPath(target: FileTarget, options: ReadOptions): Promise<Answer> {
  const { text, path } = target;
  const socket: SocketTarget = {
    kind: 'socket',
    text,
    address: { family: 'unix', path },
    protocol: null,
    path: '/',
  };
  // A server responded at this path before, so the type of the file is known.
  if (options.protocol) return readSocket(socket, options);
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new IsDirectoryError(text);
    if (found.isSocket()) return await readSocket(socket, options);
    if (found.isFIFO())
      return {
        ...answer(text, await drain(text, openPipe(path), options.timeoutSeconds), ...now()),
        origin: 'pipe',
      };
    if (!found.isFile()) throw new NotFileError(text);
    return await readRegular(text, path);
  } catch (error) {
    throw error instanceof TargetError
      ? error
      : systemError(text, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

/**
 * Reads a regular file. Another user may have replaced the file since its type was checked. Therefore the function does
 * not wait for a pipe and does not read a device.
 *
 * @throws NotFileError if the file is not regular
 */
export async function readRegular(text: string, path: string): Promise<Answer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new NotFileError(text);
    const bytes =
      found.size > MAX_BYTES
        ? await endOfPushed(text, file, found.size)
        : await drain(text, file.createReadStream({ autoClose: false }), null);
    return answer(text, bytes, found.mtimeMs / 1000, now()[1]);
  } finally {
    await file.close();
  }
}

/**
 * Reads the end of a file that grows with each document (`sources/pushed`).
 *
 * @throws TooLargeError if the file is of another kind
 */
async function endOfPushed(text: string, file: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(MAX_BYTES);
  const { bytesRead } = await file.read(bytes, 0, MAX_BYTES, size - MAX_BYTES);
  const [last] = pushedDocuments(bytes.subarray(0, bytesRead));
  if (last) return bytes.subarray(0, bytesRead);
  throw new TooLargeError(text, MAX_BYTES, 'the file has');
}
