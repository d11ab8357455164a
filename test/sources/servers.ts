import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseTarget } from '../../src/targets/parse.ts';
import type { Target } from '../../src/targets/target.ts';

export const DOCUMENT = '{"version":"2.0.21","workers":[{"id":1,"requests":7}]}';

/** The headers of uWSGI with --stats-http. */
export const HTTP_HEAD =
  'HTTP/1.0 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: application/json\r\n\r\n';

export interface TestServer {
  target: Target;
  /** The address of the server, as `connect` takes it. */
  connection: { path: string } | { host: string; port: number };
  /** The bytes that each connection sent, in the order of the connections. */
  received: string[];
  /** Stops before the end of the test. */
  close(): Promise<void>;
}

export type Where = 'unix' | 'tcp';

/** A folder that is removed at the end of the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'statstop-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Starts a server that runs `talk` for each connection until the end of the test. */
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

/** Writes and closes without waiting for a request, as uWSGI does. */
export const raw = (text: string) => (socket: Socket) => {
  socket.end(text);
};

/** Waits for a complete request, then answers and closes. */
export const http = (answer: string) => (socket: Socket) => {
  let request = '';
  socket.on('data', (chunk) => {
    request += chunk.toString('latin1');
    if (request.endsWith('\r\n\r\n')) socket.end(answer);
  });
};

/** Accepts the connection and stays silent. */
export const silent = () => {};
