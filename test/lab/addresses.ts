import { connect, createServer, type NetConnectOpts } from 'node:net';
import { TIMEOUT_MS } from '../timeouts.ts';

/** The forms of address that `--stats` accepts. */
export type StatsForm = 'unix' | 'tcp' | 'tcp6' | 'abstract';

/** The address of a stats server. */
export interface StatsAddress {
  /** The address for `--stats`, and the target for statstop. */
  text: string;
  /** For `connect`; `null` if this Node.js may not support it (abstract sockets). */
  connection: NetConnectOpts | null;
}

/** An unused address of the given form. */
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

/** Below the kernel's range for outgoing connections, so that none of these can take such a port in the meantime. */
const PORTS = { from: 20_000, count: 10_000 };

/** A port without a listener. */
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
 * Whether a stats server sends data at that address. The preparation of a test must not depend on the code under test,
 * so this implements the protocol separately.
 */
export function answers(connection: NetConnectOpts, http: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...connection, timeout: TIMEOUT_MS });
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
