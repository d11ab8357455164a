import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseTarget } from '../../src/targets/parse.ts';
import type { Target } from '../../src/targets/target.ts';

export const DOCUMENT = '{"version":"2.0.21","workers":[{"id":1,"requests":7}]}';

/** As uWSGI answers with --stats-http. */
export const HTTP_HEAD =
  'HTTP/1.0 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: application/json\r\n\r\n';

export interface TestServer {
  target: Target;
  /** Where it listens, as `connect` takes it. */
  connection: { path: string } | { host: string; port: number };
  /** What each connection sent, in the order in which they came. */
  received: string[];
  /** Stops before the test ends. */
  close(): Promise<void>;
}

export type Where = 'unix' | 'tcp';

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'statstop-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A server that does `talk` with everyone who connects, for as long as the test runs. */
export async function serve(
  where: Where,
  talk: (socket: Socket, connection: number) => void,
  options: ServerOpts = {},
): Promise<TestServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(options, (socket) => {
    const connection = received.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => {});
    if (!options.pauseOnConnect) {
      socket.on('data', (chunk) => {
        received[connection] += chunk.toString('latin1');
      });
    }
    talk(socket, connection);
  });
  const close = () =>
    new Promise<void>((closed) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => closed());
    });
  onTestFinished(close);
  const path = where === 'unix' ? join(folder(), 'test.stats') : null;
  await new Promise<void>((listening) => {
    if (path !== null) server.listen(path, listening);
    else server.listen(0, '127.0.0.1', listening);
  });
  const address = server.address();
  const given = { received, close };
  if (path !== null || typeof address !== 'object' || address === null) {
    return { target: parseTarget(path ?? ''), connection: { path: path ?? '' }, ...given };
  }
  const { port } = address;
  return { target: parseTarget(`127.0.0.1:${port}`), connection: { host: '127.0.0.1', port }, ...given };
}

/** Writes and closes, without waiting for a byte: how uWSGI does it. */
export const raw = (text: string) => (socket: Socket) => {
  socket.end(text);
};

/** Waits for a whole request, then answers it and closes. */
export const http = (answer: string) => (socket: Socket) => {
  let request = '';
  socket.on('data', (chunk) => {
    request += chunk.toString('latin1');
    if (request.endsWith('\r\n\r\n')) socket.end(answer);
  });
};

/** Accepts and says nothing. */
export const silent = () => {};
