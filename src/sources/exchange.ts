import { connect, type NetConnectOpts } from 'node:net';
import type { Protocol } from '../targets/target.ts';
import { Attention } from './attention.ts';
import { Incoming } from './incoming.ts';
import { afterSilence } from './silence.ts';

/** What one connection brought. Times are seconds of a clock that is never set. */
export interface Exchange {
  bytes: Buffer;
  /** When the first byte came: the server writes the document at once, so this is the instant it describes. */
  clock: number;
  /** Seconds by which `clock` can be wrong, either way: this process did not run when the byte came. Normally 0. */
  clockError: number;
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
 * @throws ExchangeError with the code of the operating system, or `CONNECT_TIMEOUT`, `TIMEOUT`,
 * `TOO_LARGE`, `ENDLESS_HEAD`, `ABORTED`
 */
export function exchange(options: ExchangeOptions): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) {
      reject(new ExchangeError('ABORTED', 0, false, false));
      return;
    }
    // Before the server can know of the connection: it may answer while this process is stopped.
    const attention = new Attention();
    const socket = connect(options.connection);
    const incoming = new Incoming();
    let clock = 0;
    let clockError = 0;
    let connected = false;
    let asked = false;
    let stopSilence = () => {};

    const fail = (code: string) =>
      finish(() => reject(new ExchangeError(code, incoming.length, asked, incoming.isHttp)));
    const stopDeadline = afterSilence(options.timeoutSeconds, () =>
      fail(connected ? 'TIMEOUT' : 'CONNECT_TIMEOUT'),
    );
    const abort = () => fail('ABORTED');
    options.signal?.addEventListener('abort', abort, { once: true });

    function finish(settle: () => void) {
      stopDeadline();
      stopSilence();
      attention.stop();
      options.signal?.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    }
    function ask() {
      asked = true;
      socket.write(options.request);
    }
    function done() {
      const protocol = incoming.isHttp ? 'http' : 'raw';
      finish(() => resolve({ bytes: incoming.bytes(), clock, clockError, asked, protocol }));
    }

    socket.once('connect', () => {
      connected = true;
      if (options.protocol === 'http') ask();
      else if (options.protocol === null) stopSilence = afterSilence(SILENCE_SECONDS, ask);
    });
    socket.on('data', (chunk) => {
      if (incoming.length === 0) {
        // The byte came at some instant of the gap: its middle is off by half of it at most.
        clockError = attention.lateness() / 2;
        clock = performance.now() / 1000 - clockError;
        attention.stop();
        stopSilence();
      }
      options.onBytes?.();
      const whole = incoming.push(chunk);
      if (incoming.length > options.maxBytes) fail('TOO_LARGE');
      else if (incoming.isEndless) fail('ENDLESS_HEAD');
      else if (whole) done();
    });
    socket.once('end', done);
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  });
}
