import type { FileTarget, SocketTarget, Target } from '../targets/target.ts';
import { type Answer, answer, now, type ReadOptions } from './answer.ts';
import { IsDirectoryError, NotFileError, TargetError } from './errors.ts';
import { readExec } from './read-exec.ts';
import { readSocket } from './read-socket.ts';
import { readSsh } from './read-ssh.ts';
import { openFolder, readRegular, statusOf } from './regular.ts';
import { drain, inputOf, openPipe } from './stream.ts';
import { systemError } from './system-error.ts';

/**
 * Reads a target once.
 *
 * @throws TargetError a class that names the cause
 */
export async function read(target: Target, options: ReadOptions): Promise<Answer> {
  switch (target.kind) {
    case 'socket':
      return readSocket(target, options).catch((error) => {
        throw error instanceof TargetError && target.from
          ? error.withAdvice(`The address is that of ${target.from}.`)
          : error;
      });
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
    const found = await statusOf(path);
    if (found.isDirectory()) {
      // It can be a recording that this user may not read.
      await openFolder(path);
      throw new IsDirectoryError(text);
    }
    if (found.isSocket()) return await readSocket(socket, options);
    if (found.isFIFO())
      return {
        ...answer(text, await drain(text, openPipe(path), options.timeoutSeconds), ...now()),
        origin: 'pipe',
      };
    if (!found.isFile()) throw new NotFileError(text);
    const { bytes, changed } = await readRegular(text, path);
    return answer(text, bytes, changed, now()[1]);
  } catch (error) {
    throw error instanceof TargetError
      ? error
      : systemError(text, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}
