import type { NetConnectOpts } from 'node:net';
import type { Address, SocketTarget } from '../targets/target.ts';
import { type Answer, answer, type ReadOptions, wallTimeOf } from './answer.ts';
import {
  AbstractSocketError,
  ConnectTimeoutError,
  NoAnswerError,
  NotStatsError,
  PathTooLongError,
  SilentError,
  StalledError,
  type TargetError,
  TooLargeError,
} from './errors.ts';
import { type Exchange, ExchangeError, exchange } from './exchange.ts';
import { connections, MAX_PATH_BYTES, reachesAbstract } from './sockets.ts';
import { SYSTEM_CLOCK } from './source.ts';
import { MAX_BYTES } from './stream.ts';
import { systemError } from './system-error.ts';

/** Limits of a read that begins after other work for the same target. */
export interface SocketLimits {
  /** Seconds that remain of the timeout. Errors name the whole timeout. */
  limitSeconds: number;
  /** See `ExchangeOptions`. */
  silenceSeconds?: number;
}

/**
 * Reads a stats socket once.
 *
 * @throws TargetError a class that names the cause
 */
export async function readSocket(
  target: SocketTarget,
  options: ReadOptions,
  limits: SocketLimits = { limitSeconds: options.timeoutSeconds },
): Promise<Answer> {
  const { text, address } = target;
  if (address.family === 'abstract' && !reachesAbstract()) throw new AbstractSocketError(text);
  if (address.family === 'unix' && Buffer.byteLength(address.path) > MAX_PATH_BYTES)
    throw new PathTooLongError(text, MAX_PATH_BYTES);
  let refusal: unknown;
  for (const connection of connections(address)) {
    try {
      const { bytes, clock, clockError, protocol, asked } = await exchangeWith(
        target,
        connection,
        options,
        limits,
      );
      if (bytes.length === 0) throw new NoAnswerError(text, asked);
      return { ...answer(text, bytes, wallTimeOf(clock), clock), clockError, protocol, origin: 'server' };
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
  { protocol: known, expectedBytes, signal, onBytes }: ReadOptions,
  { limitSeconds, silenceSeconds }: SocketLimits,
): Promise<Exchange> {
  const request = `GET ${target.path} HTTP/1.0\r\nHost: ${hostOf(target.address)}\r\nUser-Agent: statstop\r\n\r\n`;
  const deadline = SYSTEM_CLOCK.monotonic() + limitSeconds;
  const common = { connection, request, silenceSeconds, maxBytes: MAX_BYTES, expectedBytes, signal, onBytes };
  const protocol = known ?? target.protocol;
  try {
    return await exchange({ ...common, protocol, timeoutSeconds: limitSeconds });
  } catch (error) {
    // A raw server that was slow to respond got a request and closed the connection without reading it. The reset
    // discarded the document, so read again without a request.
    const mayBeRaw =
      error instanceof ExchangeError && error.asked && !error.http && CLOSED_UNREAD.has(error.code);
    if (!mayBeRaw) throw error;
    const remaining = Math.max(0, deadline - SYSTEM_CLOCK.monotonic());
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
