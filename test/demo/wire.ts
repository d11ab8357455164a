import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { DemoServer } from '../../src/demo/server.ts';
import type { Answer } from '../../src/sources/answer.ts';
import { read } from '../../src/sources/read.ts';
import { decode } from '../../src/stats/decode.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { type FaultyServer, type ServerOptions, startServer } from './faults/server.ts';

/** Starts a server for one test, without the simulated history. */
export async function serve(options: ServerOptions = {}): Promise<FaultyServer> {
  const server = await startServer({ warm: false, ...options });
  onTestFinished(() => server.close());
  return server;
}

/** Reads once, as statstop does. */
export function readOnce(server: DemoServer, timeoutSeconds = 5): Promise<Answer> {
  return read(parseTarget(server.address), { timeoutSeconds });
}

export async function snapshotOf(server: DemoServer): Promise<AppSnapshot> {
  const snapshot = decode((await readOnce(server)).document);
  if (snapshot.kind !== 'app') throw new Error(`unexpected kind ${snapshot.kind}`);
  return snapshot;
}

/** The course of a connection, from the side of the client. */
export interface Seen {
  bytes: Buffer;
  /** `open` if it was still open at the end. */
  ended: 'closed' | 'reset' | 'open';
}

export interface Call {
  /** Sent as soon as the connection is established. */
  send?: string;
  /** Maximum milliseconds to observe a connection that stays open. */
  limitMs?: number;
}

/** Connects and observes the connection. */
export function call(server: DemoServer, { send, limitMs = 5000 }: Call = {}): Promise<Seen> {
  const socket = connectTo(server);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const settle = (ended: Seen['ended']) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ bytes: Buffer.concat(chunks), ended });
    };
    const timer = setTimeout(() => settle('open'), limitMs);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => settle('closed'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') settle('reset');
      else reject(error);
    });
    if (send !== undefined) socket.write(send);
  });
}

export function connectTo({ address }: DemoServer): Socket {
  const target = parseTarget(address);
  if (target.kind === 'path') return connect(target.path);
  if (target.kind !== 'socket' || target.address.family !== 'tcp') throw new Error(address);
  return connect(target.address.port, target.address.host);
}

export const TCP = '127.0.0.1:0';
export const GET = 'GET / HTTP/1.0\r\nHost: x\r\n\r\n';
