import { connect, type NetConnectOpts } from 'node:net';
import type { Protocol } from '../targets/target.ts';
import { looksLikeHttp, parseHttp } from './http.ts';

/** What one connection brought. Times are seconds of a clock that is never set. */
export interface Exchange {
  bytes: Buffer;
  /** When the first byte came: the server writes the document at once, so this is the instant it describes. */
  clock: number;
  protocol: Protocol;
  /** Whether a request was sent. */
  asked: boolean;
}

export interface ExchangeOptions {
  connection: NetConnectOpts;
  /** `null`: find out. */
  protocol: Protocol | null;
  /** What to ask for when the server speaks HTTP. */
  request: string;
  /** For the whole of it. */
  timeoutSeconds: number;
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** Called at the first byte, and with each one after it. */
  onBytes?: (() => void) | undefined;
}

/** How an exchange failed; `code` of the operating system's errors passes through. */
export class ExchangeError extends Error {
  override name = 'ExchangeError';
  readonly code: string;
  readonly received: number;
  /** Whether the request was sent: a raw server may have answered it with a reset. */
  readonly asked: boolean;
  /** What came before it failed is HTTP. */
  readonly http: boolean;

  constructor(code: string, received: number, asked: boolean, http: boolean) {
    super(code);
    this.code = code;
    this.received = received;
    this.asked = asked;
    this.http = http;
  }
}

/** A raw server writes as soon as it accepts; one that has not written after this long waits for a request. */
const SILENCE_SECONDS = 0.25;

/**
 * Connects, reads to the end, and does nothing else in between: the server's master is held until this is over.
 * A raw server is never sent a byte; of an unknown one, silence is taken to mean that it waits for a request.
 *
 * @throws ExchangeError with the code of the operating system, or `CONNECT_TIMEOUT`, `TIMEOUT`, `TOO_LARGE`, `ABORTED`
 */
export function exchange(options: ExchangeOptions): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) {
      reject(new ExchangeError('ABORTED', 0, false, false));
      return;
    }
    const socket = connect(options.connection);
    const chunks: Buffer[] = [];
    let received = 0;
    let clock = 0;
    let connected = false;
    let asked = false;
    let silence: NodeJS.Timeout | undefined;

    const isHttp = () => looksLikeHttp(chunks[0] ?? Buffer.alloc(0)) === true;
    const fail = (code: string) => finish(() => reject(new ExchangeError(code, received, asked, isHttp())));
    const deadline = setTimeout(
      () => fail(connected ? 'TIMEOUT' : 'CONNECT_TIMEOUT'),
      options.timeoutSeconds * 1000,
    );
    const abort = () => fail('ABORTED');
    options.signal?.addEventListener('abort', abort, { once: true });

    function finish(settle: () => void) {
      clearTimeout(deadline);
      clearTimeout(silence);
      options.signal?.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    }
    function ask() {
      asked = true;
      socket.write(options.request);
    }
    function done() {
      const bytes = Buffer.concat(chunks, received);
      finish(() => resolve({ bytes, clock, asked, protocol: looksLikeHttp(bytes) ? 'http' : 'raw' }));
    }

    socket.once('connect', () => {
      connected = true;
      if (options.protocol === 'http') ask();
      else if (options.protocol === null) silence = setTimeout(ask, SILENCE_SECONDS * 1000);
    });
    socket.on('data', (chunk) => {
      if (received === 0) {
        clock = performance.now() / 1000;
        clearTimeout(silence);
      }
      options.onBytes?.();
      chunks.push(chunk);
      received += chunk.length;
      if (received > options.maxBytes) fail('TOO_LARGE');
      else if (isWhole(chunks, received)) done();
    });
    socket.once('end', done);
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  });
}

/** An HTTP response that says its length is whole before the connection closes. */
function isWhole(chunks: Buffer[], received: number): boolean {
  const first = chunks[0];
  if (!first || looksLikeHttp(first) === false) return false;
  return parseHttp(Buffer.concat(chunks, received))?.complete === true;
}
