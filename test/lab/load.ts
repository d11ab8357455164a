import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

export type HttpEndpoint = { socketPath: string } | { host: string; port: number };

export interface LoadOptions {
  to: HttpEndpoint;
  /** The path of each request. A function receives the index of the request, from 0. */
  path: string | ((index: number) => string);
  /** Maximum number of concurrent requests. Every request has its own connection. */
  connections: number;
  /** Requests started per second. By default, each connection sends its next request after the response. */
  rate?: number;
  /** Starts no request after this time. */
  seconds: number;
  /** Maximum number of requests. */
  count?: number;
}

/** The result of one request. */
export interface Outcome {
  path: string;
  /**
   * `null` when there was no response: uWSGI only closes the connection when the application raises or its worker dies.
   */
  status: number | null;
  /** Seconds of `SYSTEM_CLOCK` at the end of the response or the close of the connection. */
  at: number;
  /** Seconds from the connection attempt to `at`. */
  took: number;
  /** Size of the body. */
  bytes: number;
}

/** Load that is running or has ended. */
export interface Load {
  /** In the order in which they ended. */
  readonly outcomes: readonly Outcome[];
  /** The requests that ended after `from` and not after `to`, in seconds of `SYSTEM_CLOCK`. */
  between(from: number, to: number): Outcome[];
  /** Starts no new requests. Resolves when the last one has ended. */
  stop(): Promise<void>;
  /** Resolves when all requests have ended. */
  readonly finished: Promise<void>;
}

/** Starts load. It ends by itself after `seconds` or `count`. */
export function startLoad(options: LoadOptions): Load {
  const outcomes: Outcome[] = [];
  const start = now();
  const { rate = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY } = options;
  let stopped = false;
  let next = 0;

  async function connection(): Promise<void> {
    while (!stopped && next < count) {
      const index = next;
      next += 1;
      // With a rate, the time of a request does not depend on a delay of the previous one.
      const due = start + index / rate;
      if (due > start + options.seconds || now() > start + options.seconds) return;
      if (due > now()) await sleep((due - now()) * 1000);
      if (stopped) return;
      const path = typeof options.path === 'string' ? options.path : options.path(index);
      outcomes.push(await ask(options.to, path));
    }
  }

  const finished = Promise.all(Array.from({ length: options.connections }, connection)).then(() => {});
  // A test that has failed stops its server and no longer awaits its load.
  finished.catch(() => {});
  return {
    outcomes,
    between: (from, to) => outcomes.filter(({ at }) => at > from && at <= to),
    stop() {
      stopped = true;
      return finished;
    },
    finished,
  };
}

/**
 * Sends one request on its own connection.
 *
 * @throws Error when there is no listener, or no response within `PATIENCE_MS`
 */
export function ask(to: HttpEndpoint, path: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const from = now();
    let bytes = 0;
    const settle = (status: number | null) => {
      const at = now();
      resolve({ path, status, at, took: at - from, bytes });
    };
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') settle(null);
      else reject(error);
    };
    const outgoing = request({ ...to, path, agent: false, headers: { connection: 'close' } });
    outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error(`no answer to ${path}`)));
    outgoing.once('error', failed);
    outgoing.once('response', (response: IncomingMessage) => {
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.once('error', failed);
      response.once('end', () => settle(response.statusCode ?? null));
    });
    outgoing.end();
  });
}

function now(): number {
  return SYSTEM_CLOCK.monotonic();
}

/**
 * The times around the read of a document, in seconds of `SYSTEM_CLOCK`. The document was written between them.
 */
export interface Span {
  from: number;
  to: number;
}

/**
 * How many requests a server can have counted between two documents, whatever the speed of the machine. A server counts
 * a request close to the time of its response. So each core can have one request that is answered but not yet counted.
 */
export function countable(
  outcomes: readonly Outcome[],
  first: Span,
  second: Span,
  cores: number,
): { least: number; most: number } {
  const within = (from: number, to: number) => (outcome: Outcome) =>
    outcome.at - outcome.took > from && outcome.at < to;
  const touches = ({ at, took }: Outcome) => at > first.from && at - took < second.to;
  return {
    least: outcomes.filter(within(first.to, second.from)).length - cores,
    most: outcomes.filter(touches).length + cores,
  };
}
