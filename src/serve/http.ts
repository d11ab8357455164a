import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip } from './accept.ts';

/** A request, as far as the routes need it. */
export interface Asked {
  query: URLSearchParams;
  accept: string | undefined;
  /** Seconds after which the client gives up (`X-Prometheus-Scrape-Timeout-Seconds`). `null` if it did not say so. */
  patience: number | null;
}

export interface Reply {
  status: number;
  type: string;
  body: string;
}

/** The answers by path. */
export type Routes = Readonly<Record<string, (asked: Asked) => Reply | Promise<Reply>>>;

/** Limits against clients that are slow, broken or many. Times are in milliseconds, sizes in bytes. */
export const LIMITS = {
  /** To send the headers, and the whole request. */
  headers: 5_000,
  request: 5_000,
  /** Without a byte in either direction. */
  idle: 10_000,
  /** Between two requests of a connection. */
  keepAlive: 5_000,
  check: 1_000,
  headerSize: 8 * 1024,
  connections: 64,
  url: 2_048,
};

const TEXT = 'text/plain; charset=utf-8';

/** A body that compression makes smaller. */
const WORTH_GZIP = 1_024;

/** The fastest level. It makes the text about 15 times smaller, and takes a third of the time of the default. */
const LEVEL = 1;

const compress = promisify(gzip);

/**
 * Returns a server that answers GET and HEAD for some paths, with limits for clients. It listens after `listen`.
 *
 * @param fail receives an error of a route; the client gets no details of it
 */
export function createMetricsServer(routes: Routes, fail: (error: Error) => void, limits = LIMITS): Server {
  const server = createServer(
    {
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      keepAliveTimeout: limits.keepAlive,
      connectionsCheckingInterval: limits.check,
      maxHeaderSize: limits.headerSize,
    },
    async (request, response) => {
      // The body of a request is not needed.
      request.resume();
      // A client that goes away is no error of the server.
      response.on('error', () => response.destroy());
      const { status, type, body } = await answered(routes, request, fail);
      const isZipped =
        body.length >= WORTH_GZIP && acceptsGzip(request.headers['accept-encoding']?.toString());
      const bytes = isZipped ? await compress(body, { level: LEVEL }) : Buffer.from(body);
      response.writeHead(status, {
        'content-type': type,
        'content-length': bytes.length,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        vary: 'accept, accept-encoding',
        ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
        ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
      });
      response.end(request.method === 'HEAD' ? undefined : bytes);
    },
  );
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idle);
  server.on('clientError', refuse);
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

async function answered(
  routes: Routes,
  request: IncomingMessage,
  fail: (error: Error) => void,
): Promise<Reply> {
  const { method = '', url = '', headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return error(405);
  if (url.length > LIMITS.url) return error(414);
  const [path = '', ...rest] = url.split('?');
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!route) return error(404);
  const seconds = Number(headers['x-prometheus-scrape-timeout-seconds']);
  try {
    return await route({
      query: new URLSearchParams(rest.join('?')),
      accept: headers.accept,
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

/** Answers a request that is not HTTP, or whose headers are too large or too slow. */
function refuse({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
