import { STATUS_CODES } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { memoize } from '../rates/memoize.ts';
import { acceptsGzip } from './accept.ts';
import { type Head, readHead } from './request.ts';

/** A request, as far as the routes need it. */
export interface Asked {
  query: URLSearchParams;
  accept: string | undefined;
  /** Seconds after which the client gives up (`X-Prometheus-Scrape-Timeout-Seconds`). `null` if it did not say so. */
  patience: number | null;
}

/** An answer. Its bytes are made once, for all requests that have it. */
export interface Reply {
  status: number;
  type: string;
  body: string;
}

/** The answers by path. */
export type Routes = Readonly<Record<string, (asked: Asked) => Reply | Promise<Reply>>>;

/** Limits against clients that are slow, broken or many. Times are in milliseconds. */
export const LIMITS = {
  head: 5_000,
  headSize: 8 * 1024,
  /** Without a byte in either direction. */
  idle: 10_000,
  /** From the beginning of a connection to its end. */
  whole: 30_000,
  connections: 64,
  url: 2_048,
};

const TEXT = 'text/plain; charset=utf-8';

/** A body that compression makes smaller. */
const WORTH_GZIP = 1_024;

/** The fastest level. It makes the text about 15 times smaller, and takes a third of the time of the default. */
const LEVEL = 1;

const compress = promisify(gzip);

/** Many clients can be slow to take the same large body. */
const bytesOf = memoize(({ body }: Reply) => Buffer.from(body));
const zippedOf = memoize((reply: Reply) => compress(bytesOf(reply), { level: LEVEL }));

/**
 * Returns a server that answers GET and HEAD for some paths, with limits for clients. It listens after `listen`.
 *
 * It answers one request for each connection. The server of `node:http` parses all requests that a client sends at once,
 * and runs them at the same time, which takes gigabytes.
 *
 * @param fail receives an error of a route; the client gets no details of it
 */
export function createMetricsServer(routes: Routes, fail: (error: Error) => void, limits = LIMITS): Server {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const end = () => socket.destroy();
    const whole = setTimeout(end, limits.whole);
    socket.on('close', () => clearTimeout(whole));
    // A client that goes away is no error of the server.
    socket.on('error', end);
    socket.setTimeout(limits.idle, end);
    exchange(socket, routes, fail, limits).catch((error) => {
      end();
      fail(error);
    });
  });
  server.maxConnections = limits.connections;
  return server;
}

/** Resolves with the URL of the server. Rejects with an error of the system. */
export function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const { address, family, port: bound } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
    });
  });
}

/** Reads a request, answers it and ends the connection. */
async function exchange(
  socket: Socket,
  routes: Routes,
  fail: (error: Error) => void,
  limits: typeof LIMITS,
): Promise<void> {
  const head = await readHead(socket, limits);
  if (head === null) return void socket.destroy();
  const request = typeof head === 'number' ? null : head;
  const reply = request ? await answered(routes, request, fail, limits) : error(head as number);
  const isZipped = reply.body.length >= WORTH_GZIP && acceptsGzip(request?.headers.get('accept-encoding'));
  const bytes = await (isZipped ? zippedOf(reply) : bytesOf(reply));
  socket.write(headOf(reply, bytes.length, isZipped));
  if (request?.method !== 'HEAD') socket.write(bytes);
  socket.destroySoon();
}

function headOf({ status, type }: Reply, length: number, isZipped: boolean): string {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Date: ${new Date().toUTCString()}`,
    `Content-Type: ${type}`,
    `Content-Length: ${length}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Vary: Accept, Accept-Encoding',
    'Connection: close',
    ...(isZipped ? ['Content-Encoding: gzip'] : []),
    ...(status === 405 ? ['Allow: GET, HEAD'] : []),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

async function answered(
  routes: Routes,
  { method, url, headers }: Head,
  fail: (error: Error) => void,
  limits: typeof LIMITS,
): Promise<Reply> {
  if (method !== 'GET' && method !== 'HEAD') return error(405);
  if (url.length > limits.url) return error(414);
  const [path = '', ...rest] = url.split('?');
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!route) return error(404);
  const seconds = Number(headers.get('x-prometheus-scrape-timeout-seconds'));
  try {
    return await route({
      query: new URLSearchParams(rest.join('?')),
      accept: headers.get('accept'),
      patience: seconds > 0 && seconds < 3600 ? seconds : null,
    });
  } catch (cause) {
    fail(cause instanceof Error ? cause : new Error(String(cause)));
    return error(500);
  }
}

/** Returns an answer without a document. */
export function error(status: number, why = STATUS_CODES[status] ?? ''): Reply {
  return { status, type: TEXT, body: `${why}\n` };
}

/** Returns an answer that is plain text. */
export function plain(body: string): Reply {
  return { status: 200, type: TEXT, body };
}
