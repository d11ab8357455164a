import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE_MS } from '../patience.ts';

export type HttpEndpoint = { socketPath: string } | { host: string; port: number };

export interface LoadOptions {
  to: HttpEndpoint;
  /** What to ask for; a function is told the number of the request, from 0. */
  path: string | ((index: number) => string);
  /** Requests that run at a time, at most. Every request has a connection of its own. */
  connections: number;
  /** Requests started per second; without it each connection asks again as soon as it was answered. */
  rate?: number;
  /** Starts no request after this time. */
  seconds: number;
  /** Starts no more requests than this. */
  count?: number;
}

/** What became of one request. */
export interface Outcome {
  path: string;
  /** `null` when there was no answer: uWSGI closes without a word when the application raises or its worker dies. */
  status: number | null;
  /** Seconds of `performance.now()`, when the whole answer was there or the connection was closed. */
  at: number;
  /** Seconds from connecting to that. */
  took: number;
  /** Of the body. */
  bytes: number;
}

/** Load that is under way, or was. */
export interface Load {
  /** In the order in which they ended. */
  readonly outcomes: readonly Outcome[];
  /** What ended after the one instant, up to the other; seconds of `performance.now()`. */
  between(from: number, to: number): Outcome[];
  /** No new requests; resolves when the last one has ended. */
  stop(): Promise<void>;
  /** Resolves when it is over. */
  readonly finished: Promise<void>;
}

/** Starts load; it ends by itself after `seconds` or `count`. */
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
      // The next request of a rate is due at its place in time, however late the one before it was.
      const due = start + index / rate;
      if (due > start + options.seconds || now() > start + options.seconds) return;
      if (due > now()) await sleep((due - now()) * 1000);
      if (stopped) return;
      const path = typeof options.path === 'string' ? options.path : options.path(index);
      outcomes.push(await ask(options.to, path));
    }
  }

  const finished = Promise.all(Array.from({ length: options.connections }, connection)).then(() => {});
  // A test that failed takes its server away, and waits for its load no more.
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
 * One request on a connection of its own.
 *
 * @throws Error when nobody listens, or nothing came for a long time
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
    outgoing.setTimeout(PATIENCE_MS, () => outgoing.destroy(new Error(`no answer to ${path}`)));
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
  return performance.now() / 1000;
}

/** When a document was read: it was written at some time in between. Seconds of `performance.now()`. */
export interface Span {
  from: number;
  to: number;
}

/**
 * How many requests a server can have counted between two documents, however slow the machine is. A request is counted
 * around the time of its answer: each core can have one that is answered and not counted yet.
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
