import type { Address } from '../targets/target.ts';
import { plural } from '../text/words.ts';
import { PathTooLongError, PermissionError, ReadError, type TargetError } from './errors.ts';
import { ExchangeError, exchange } from './exchange.ts';
import { connections, MAX_PATH_BYTES, reachesAbstract } from './sockets.ts';
import {
  NoAbstractTracebackerError,
  NoTracebackerError,
  NotTracebackerError,
  TracebackerBrokenError,
  TracebackerGoneError,
  TracebackerHeldError,
} from './stacks-errors.ts';

export interface StacksOptions {
  /** Limit for the whole reading. */
  timeoutSeconds: number;
  signal?: AbortSignal | undefined;
}

/** Limit in bytes. A hundred threads with a hundred frames each write less. */
export const MAX_STACKS_BYTES = 2 ** 20;

const TITLE = '*** uWSGI Python tracebacker output ***\n';

/**
 * Reads the stacks of one worker from the socket of its tracebacker. Call it only at the user's request, never in a
 * poll, and one call at a time:
 * - The worker runs no Python until the stacks are written.
 * - The worker's memory grows a little with each reading (tracebacker.c leaks the source lines).
 * - The worker still carries out an abandoned reading when the interpreter lock (GIL) is free.
 *
 * @param path path of the socket, with the worker's number at its end; `@name` for an abstract socket
 * @throws TargetError a class of `stacks-errors.ts` for errors of a tracebacker, otherwise a class of `errors.ts`
 */
export async function readStacks(path: string, options: StacksOptions): Promise<string> {
  const address = addressOf(path);
  if (address.family === 'abstract' && !reachesAbstract()) throw new NoAbstractTracebackerError(path);
  if (address.family === 'unix' && Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw new PathTooLongError(path, MAX_PATH_BYTES);
  const text = (await bytesFrom(path, address, options)).toString('utf8');
  if (text === '') throw new TracebackerBrokenError(path);
  if (!text.startsWith(TITLE)) throw new NotTracebackerError(path, 'the response does not contain stacks');
  return text;
}

function addressOf(path: string): Address {
  return path.startsWith('@') ? { family: 'abstract', name: path.slice(1) } : { family: 'unix', path };
}

async function bytesFrom(path: string, address: Address, options: StacksOptions): Promise<Buffer> {
  let refusal: unknown;
  for (const connection of connections(address)) {
    try {
      // A raw server is never sent a byte, so there is no request.
      const { bytes } = await exchange({
        ...options,
        connection,
        protocol: 'raw',
        request: '',
        maxBytes: MAX_STACKS_BYTES,
      });
      return bytes;
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      refusal = failure(path, error, options.timeoutSeconds);
      if (error.code !== 'ECONNREFUSED') break;
    }
  }
  throw refusal;
}

function failure(path: string, { code, received }: ExchangeError, seconds: number): TargetError {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new NoTracebackerError(path);
    case 'ECONNREFUSED':
      return new TracebackerGoneError(path);
    case 'ECONNRESET':
    case 'EPIPE':
      return new TracebackerGoneError(path, 'the worker ended before its stacks were complete');
    case 'EACCES':
    case 'EPERM':
      return new PermissionError(path);
    case 'EAGAIN':
      return new TracebackerHeldError(path, 'the queue of the tracebacker socket is full');
    case 'CONNECT_TIMEOUT':
    case 'TIMEOUT':
      return new TracebackerHeldError(
        path,
        received === 0
          ? `no data within ${seconds}s`
          : `the stacks were not complete after ${seconds}s (${plural(received, 'byte')} received)`,
      );
    case 'TOO_LARGE':
      return new NotTracebackerError(path, `the response has more than ${MAX_STACKS_BYTES / 2 ** 20} MiB`);
    case 'ABORTED':
      return new ReadError(path, 'the read was cancelled');
    default:
      return new NotTracebackerError(path, `read failed (${code})`);
  }
}
