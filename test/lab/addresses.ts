import { connect, createServer, type NetConnectOpts } from 'node:net';
import { PATIENCE_MS } from '../patience.ts';

/** The forms of address that `--stats` takes. */
export type StatsForm = 'unix' | 'tcp' | 'tcp6' | 'abstract';

/** Where a stats server is, in the words of each side. */
export interface StatsAddress {
  /** For `--stats`, and as statstop is told it. */
  text: string;
  /** For `connect`; `null` where this Node.js may have no way (abstract). */
  connection: NetConnectOpts | null;
}

/** An address of that form that nobody uses. */
export async function statsAddress(form: StatsForm, folder: string): Promise<StatsAddress> {
  switch (form) {
    case 'unix':
      return { text: `${folder}/stats`, connection: { path: `${folder}/stats` } };
    case 'abstract':
      return { text: `@statstop${folder}`, connection: null };
    case 'tcp': {
      const port = await freePort('127.0.0.1');
      return { text: `127.0.0.1:${port}`, connection: { host: '127.0.0.1', port } };
    }
    case 'tcp6': {
      const port = await freePort('::1');
      return { text: `[::1]:${port}`, connection: { host: '::1', port } };
    }
  }
}

/** Below the range the kernel takes the ports of outgoing connections from: none of them can come in between. */
const PORTS = { from: 20_000, count: 10_000 };

/** A port on which nobody listens. */
export async function freePort(host: string): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    if (await canListen(host, port)) return port;
  }
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/**
 * Whether a stats server writes something there. It is asked in its own protocol, with code of its own: what is
 * under test has no part in the preparation.
 */
export function answers(connection: NetConnectOpts, http: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...connection, timeout: PATIENCE_MS });
    let received = 0;
    const settle = () => {
      socket.destroy();
      resolve(received > 0);
    };
    socket.once('connect', () => {
      if (http) socket.write('GET / HTTP/1.0\r\n\r\n');
    });
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    for (const event of ['end', 'error', 'timeout']) socket.once(event, settle);
  });
}
