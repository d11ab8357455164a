import { connect, type NetConnectOpts } from 'node:net';
import type { Protocol } from '../targets/target.ts';
import { Attention } from './attention.ts';
import { Incoming } from './incoming.ts';
import { afterSilence } from './silence.ts';
import { SYSTEM_CLOCK } from './source.ts';

/** The result of one connection. Times are seconds of the monotonic clock. */
export interface Exchange {
  bytes: Buffer;
  /**
   * When the first byte arrived. The server writes the document at once, so this is the time that the document
   * describes.
   */
  clock: number;
  /**
   * Largest possible error of `clock` in either direction, in seconds. It is 0 unless this process was not running when
   * the byte arrived.
   */
  clockError: number;
  protocol: Protocol;
  /** Whether a request was sent. */
  asked: boolean;
}

export interface ExchangeOptions {
  connection: NetConnectOpts;
  /** `null`: detect the protocol. */
  protocol: Protocol | null;
  /** The HTTP request to send if the server speaks HTTP. */
  request: string;
  /** Seconds of silence before a request is sent; default: 0.25. */
  silenceSeconds?: number | undefined;
  /** Limit for the whole exchange. */
  timeoutSeconds: number;
  maxBytes: number;
  /** Likely number of bytes, such as that of the previous response. */
  expectedBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called for each chunk that arrives. */
  onBytes?: (() => void) | undefined;
}

/** A failed exchange. `code` is a code of the operating system or of `exchange`. */
export class ExchangeError extends Error {
  override name = 'ExchangeError';
  readonly code: string;
  readonly received: number;
  /** Whether the request was sent. A raw server may have responded to the request with a reset. */
  readonly asked: boolean;
  /** Whether the bytes received before the failure are HTTP. */
  readonly http: boolean;

  constructor(code: string, received: number, asked: boolean, http: boolean) {
    super(code);
    this.code = code;
    this.received = received;
    this.asked = asked;
    this.http = http;
  }
}

/** A raw server writes as soon as it accepts the connection. */
const SILENCE_SECONDS = 0.25;

/**
 * Connects and reads to the end, and does no other work in between, because the server's master is blocked until then.
 * A raw server is never sent a byte. If the protocol is unknown, silence means that the server waits for a request.
 *
 * @throws ExchangeError with a code of the operating system, or with `CONNECT_TIMEOUT`, `TIMEOUT`, `TOO_LARGE`,
 *   `ENDLESS_HEAD` or `ABORTED`
 */
export function exchange(options: ExchangeOptions): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) {
      reject(new ExchangeError('ABORTED', 0, false, false));
      return;
    }
    // In the bundle, this loads `node:net`. `attention` would take the time for a pause of this process.
    const open = connect;
    // Start this before the server can see the connection: the server may respond while this process is stopped.
    const attention = new Attention();
    const incoming = new Incoming(options.expectedBytes ?? 0);
    const onread = { buffer: () => incoming.room(), callback: received };
    const socket = open({ ...options.connection, onread });
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
    function received(count: number): true {
      if (incoming.length === 0) {
        // The byte arrived at an unknown time within the gap. The middle of the gap is wrong by at most half of the
        // gap.
        clockError = attention.lateness() / 2;
        clock = SYSTEM_CLOCK.monotonic() - clockError;
        attention.stop();
        stopSilence();
      }
      options.onBytes?.();
      const whole = incoming.add(count);
      if (incoming.length > options.maxBytes) fail('TOO_LARGE');
      else if (incoming.isEndless) fail('ENDLESS_HEAD');
      else if (whole) done();
      // The socket goes on reading.
      return true;
    }
    function done() {
      const protocol = incoming.isHttp ? 'http' : 'raw';
      finish(() => resolve({ bytes: incoming.bytes(), clock, clockError, asked, protocol }));
    }

    socket.once('connect', () => {
      connected = true;
      if (options.protocol === 'http') ask();
      else if (options.protocol === null)
        stopSilence = afterSilence(options.silenceSeconds ?? SILENCE_SECONDS, ask);
    });
    // Without this, there is no event `end`.
    socket.resume();
    socket.once('end', done);
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  });
}
