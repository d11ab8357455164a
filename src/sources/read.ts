import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { NetConnectOpts } from 'node:net';
import type { Address, FileTarget, Protocol, SocketTarget, Target } from '../targets/target.ts';
import { plural } from '../text/words.ts';
import {
  AbstractSocketError,
  BusyError,
  ConnectTimeoutError,
  EmptyError,
  HostNotFoundError,
  HttpStatusError,
  IsDirectoryError,
  NoAnswerError,
  NotFileError,
  NotFoundError,
  NotStatsError,
  PathTooLongError,
  PermissionError,
  ReadError,
  RefusedError,
  ResetError,
  SilentError,
  StalledError,
  TargetError,
  TooLargeError,
  TruncatedError,
  UnreachableError,
} from './errors.ts';
import { type Exchange, ExchangeError, exchange } from './exchange.ts';
import { bodyOf, looksLikeHttp, parseHead } from './http.ts';
import { pushedDocuments } from './pushed.ts';
import { connections, MAX_PATH_BYTES, reachesAbstract } from './sockets.ts';
import type { Origin } from './source.ts';
import { drain, inputOf, MAX_BYTES, openPipe } from './stream.ts';

/** One document and the time of the read. */
export interface Answer {
  /** The document as the server sent it, without HTTP headers. */
  document: Buffer;
  /** All bytes that the server sent, including HTTP headers. */
  bytes: Buffer;
  /** Unix seconds: when the document arrived, or when its file was last changed. */
  time: number;
  /** Monotonic seconds: when the first byte arrived; for a file or a pipe, when the read ended. */
  clock: number;
  /** Largest possible error of both times in seconds: see `Exchange`. */
  clockError: number;
  origin: Origin;
  /** The protocol of the server; pass it to the next read of this target. `null` for a file or a pipe. */
  protocol: Protocol | null;
}

export interface ReadOptions {
  timeoutSeconds: number;
  /** The protocol that an earlier read found. */
  protocol?: Protocol | null | undefined;
  signal?: AbortSignal | undefined;
  onBytes?: (() => void) | undefined;
}

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
  }
}

/** The times of the wall clock and of the monotonic clock, in seconds. */
function now(): [time: number, clock: number] {
  return [Date.now() / 1000, performance.now() / 1000];
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

async function readSocket(target: SocketTarget, options: ReadOptions): Promise<Answer> {
  const { text, address } = target;
  if (address.family === 'abstract' && !reachesAbstract()) throw new AbstractSocketError(text);
  if (address.family === 'unix' && Buffer.byteLength(address.path) > MAX_PATH_BYTES)
    throw new PathTooLongError(text, MAX_PATH_BYTES);
  let refusal: unknown;
  for (const connection of connections(address)) {
    try {
      const { bytes, clock, clockError, protocol, asked } = await exchangeWith(target, connection, options);
      if (bytes.length === 0) throw new NoAnswerError(text, asked);
      const [wall, monotonic] = now();
      const time = wall - (monotonic - clock);
      return { ...answer(text, bytes, time, clock), clockError, protocol, origin: 'server' };
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      refusal = exchangeFailure(text, error, options.timeoutSeconds);
      if (error.code !== 'ECONNREFUSED') break;
    }
  }
  throw refusal;
}

async function exchangeWith(
  target: SocketTarget,
  connection: NetConnectOpts,
  options: ReadOptions,
): Promise<Exchange> {
  const { timeoutSeconds, signal, onBytes } = options;
  const request = `GET ${target.path} HTTP/1.0\r\nHost: ${hostOf(target.address)}\r\nUser-Agent: statstop\r\n\r\n`;
  const deadline = performance.now() / 1000 + timeoutSeconds;
  const common = { connection, request, timeoutSeconds, maxBytes: MAX_BYTES, signal, onBytes };
  const protocol = options.protocol ?? target.protocol;
  try {
    return await exchange({ ...common, protocol });
  } catch (error) {
    // A raw server that was slow to respond got a request and closed the connection without reading it. The reset
    // discarded the document, so read again without a request.
    const mayBeRaw =
      error instanceof ExchangeError && error.asked && !error.http && CLOSED_UNREAD.has(error.code);
    if (!mayBeRaw) throw error;
    const remaining = Math.max(0, deadline - performance.now() / 1000);
    return await exchange({ ...common, protocol: 'raw', timeoutSeconds: remaining });
  }
}

/** Value of the `Host` header (RFC 9110, section 7.2). */
function hostOf(address: Address): string {
  if (address.family !== 'tcp') return 'localhost';
  const { host, port } = address;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Error codes from a server that reads no request: it closed the connection after the request was sent, or before. */
const CLOSED_UNREAD = new Set(['ECONNRESET', 'EPIPE']);

function answer(text: string, bytes: Buffer, time: number, clock: number): Answer {
  const common = { bytes, time, clock, clockError: 0, protocol: null, origin: 'file' as const };
  if (bytes.length === 0) throw new EmptyError(text);
  if (!looksLikeHttp(bytes)) return { ...common, document: bytes };
  const cutOff = () =>
    new TruncatedError(text, `the HTTP response is cut off after ${plural(bytes.length, 'byte')}`);
  const head = parseHead(bytes);
  if (head === null) throw cutOff();
  if (!head.ok) throw new HttpStatusError(text, head.status);
  const { body, complete } = bodyOf(head, bytes);
  if (complete === false) throw cutOff();
  if (body.length === 0) throw new NotStatsError(text, 'the HTTP response has no document', true);
  return { ...common, document: body };
}

function exchangeFailure(text: string, error: ExchangeError, timeoutSeconds: number): TargetError {
  switch (error.code) {
    case 'CONNECT_TIMEOUT':
      return new ConnectTimeoutError(text, timeoutSeconds);
    case 'TIMEOUT':
      return error.received === 0
        ? new SilentError(text, timeoutSeconds)
        : new StalledError(text, timeoutSeconds, error.received);
    case 'TOO_LARGE':
      return new TooLargeError(text, MAX_BYTES);
    case 'ENDLESS_HEAD':
      return new NotStatsError(text, 'the headers of the HTTP response do not end', true);
    default:
      return systemError(text, error.code);
  }
}

type Failure = new (target: string, code: string) => TargetError;

/** Error class for each code of the operating system. */
const FAILURES: Readonly<Record<string, Failure>> = {
  ENOENT: NotFoundError,
  ENOTDIR: NotFoundError,
  ECONNREFUSED: RefusedError,
  // The queue of a unix socket is full.
  EAGAIN: BusyError,
  EACCES: PermissionError,
  EPERM: PermissionError,
  EISDIR: IsDirectoryError,
  ECONNRESET: ResetError,
  EPIPE: ResetError,
  ENOTFOUND: HostNotFoundError,
  EAI_AGAIN: HostNotFoundError,
  EHOSTUNREACH: UnreachableError,
  ENETUNREACH: UnreachableError,
  EADDRNOTAVAIL: UnreachableError,
  ETIMEDOUT: UnreachableError,
  // The address needs an interface: fe80::1 instead of fe80::1%eth0.
  EINVAL: UnreachableError,
};

function systemError(text: string, code: string): TargetError {
  const Known = FAILURES[code];
  return Known ? new Known(text, code) : new ReadError(text, `read failed (${code})`);
}
