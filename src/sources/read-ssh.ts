import type { Address, SshTarget } from '../targets/target.ts';
import type { Answer, ReadOptions } from './answer.ts';
import {
  ConnectTimeoutError,
  NoAnswerError,
  NotFoundError,
  RefusedError,
  ResetError,
  SilentError,
  type TargetError,
} from './errors.ts';
import { readSocket } from './read-socket.ts';
import {
  SshFailedError,
  SshFolderError,
  SshForbiddenError,
  SshMissingError,
  SshRefusedError,
  SshSilentError,
  SshTimeoutError,
} from './remote-errors.ts';
import { SYSTEM_CLOCK } from './source.ts';
import { type SshConnection, SshError } from './ssh/connection.ts';
import { machineOf } from './ssh/machines.ts';
import { unconnected } from './ssh/messages.ts';

/**
 * Seconds of silence before a server that may speak HTTP is sent a request. A distant raw server needs this long to send
 * its first byte.
 */
const SILENCE_SECONDS = 1;

/** Errors of a local socket that lost its connection to the other machine. */
const BROKEN = [NoAnswerError, ResetError, RefusedError, NotFoundError];

/** Errors of a local socket that is connected, but passes nothing on. */
const SILENT = [SilentError, ConnectTimeoutError];

/**
 * Reads a stats server of another machine once, through a socket that `ssh` forwards. All targets of that machine share
 * one process of `ssh`.
 *
 * @throws TargetError a class that names the cause
 */
export async function readSsh(target: SshTarget, options: ReadOptions): Promise<Answer> {
  const { timeoutSeconds, signal } = options;
  const deadline = SYSTEM_CLOCK.monotonic() + timeoutSeconds;
  const remaining = () => Math.max(0, deadline - SYSTEM_CLOCK.monotonic());
  const reading = machineOf(target.login).use(timeoutSeconds, async (connection) => {
    const path = await connection.forward(target.address, remaining());
    signal?.throwIfAborted();
    return readForwarded(target, path, connection, options, remaining());
  });
  try {
    return await untilAborted(reading, signal);
  } catch (error) {
    throw error instanceof SshError ? sshFailure(target, error, timeoutSeconds) : error;
  }
}

async function readForwarded(
  { text, address }: SshTarget,
  path: string,
  connection: SshConnection,
  options: ReadOptions,
  limitSeconds: number,
): Promise<Answer> {
  const { mark } = connection;
  const local = {
    kind: 'socket',
    text,
    address: { family: 'unix', path },
    protocol: null,
    path: '/',
  } as const;
  try {
    return await readSocket(local, options, { limitSeconds, silenceSeconds: SILENCE_SECONDS });
  } catch (error) {
    if (SILENT.some((kind) => error instanceof kind)) throw new SshSilentError(text, options.timeoutSeconds);
    if (!BROKEN.some((kind) => error instanceof kind)) throw error;
    const why = unconnected(await connection.messagesSince(mark));
    if (connection.hasEnded) throw await connection.failure();
    if (why === null) throw error;
    throw why.tried
      ? new SshRefusedError(text, nameOf(address), why.reason)
      : new SshForbiddenError(text, why.reason);
  }
}

function nameOf(address: Address): string {
  if (address.family === 'tcp') return `${address.host}:${address.port}`;
  return address.family === 'unix' ? address.path : `@${address.name}`;
}

function sshFailure({ text, login }: SshTarget, { code, message }: SshError, seconds: number): TargetError {
  switch (code) {
    case 'MISSING':
      return new SshMissingError(text);
    case 'NO_FOLDER':
      return new SshFolderError(text);
    case 'TIMEOUT':
      return new SshTimeoutError(text, seconds, message);
    case 'ENDED':
      return new SshFailedError(text, login, message);
  }
}

/** Stops waiting when the signal aborts. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
