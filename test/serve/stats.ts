import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { parseTarget } from '../../src/targets/parse.ts';
import type { WatchedServer } from '../../src/terminal/readers.ts';

/** A stats server for one test. */
export interface Stats {
  target: string;
  watched: WatchedServer;
  /** Number of connections so far. */
  reads(): number;
  /** Closes the server. */
  close(): void;
}

/** Sends the document of a small server. */
export function document(requests: number): string {
  const worker = {
    id: 1,
    pid: 1,
    status: 'idle',
    accepting: 1,
    requests,
    respawn_count: 1,
    running_time: 1000,
    cores: [],
  };
  return JSON.stringify({ version: '2.0.21', pid: 1, workers: [worker], sockets: [] });
}

/** Starts a stats server. `answer` gets the number of the connection, from 1. */
export async function statsOf(answer: (socket: Socket, read: number) => void): Promise<Stats> {
  let reads = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    reads += 1;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    answer(socket, reads);
  });
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  onTestFinished(close);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { target, watched: watchedOf(target), reads: () => reads, close };
}

/** A server without values of the kernel. */
export function watchedOf(text: string): WatchedServer {
  return {
    server: { target: text, name: text, node: 'test' },
    target: parseTarget(text),
    hostOf: async () => null,
    stacksOf: async () => [],
  };
}
