import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { OnFinish } from './side-by-side.ts';

/** Listens with the shortest possible queue, reports its port, and then blocks until `wake` is set. */
const STOPPED_SERVER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:net').createServer().listen({ ...workerData.place, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port ?? 0);
    Atomics.wait(new Int32Array(workerData.wake), 0, 0);
  });
`;

/**
 * Starts a server that accepts no connection and whose queue is full.
 *
 * @returns its port, or 0 for a unix socket
 */
export async function stoppedServer(
  place: { path: string } | { host: string; port: number },
  onFinish: OnFinish,
): Promise<{ port: number }> {
  const wake = new SharedArrayBuffer(4);
  const server = new Worker(STOPPED_SERVER, { eval: true, workerData: { place, wake } });
  const waiting: Socket[] = [];
  onFinish(async () => {
    for (const socket of waiting) socket.destroy();
    Atomics.store(new Int32Array(wake), 0, 1);
    Atomics.notify(new Int32Array(wake), 0);
    await server.terminate();
  });
  const [port] = await once(server, 'message');
  const at: NetConnectOpts = 'path' in place ? place : { ...place, port };
  // Linux accepts one connection more than the length of the queue. After that a unix socket refuses connections, and a
  // port does not answer.
  for (let full = false; !full && waiting.length < 10; ) {
    const socket = connect(at);
    waiting.push(socket);
    const connects = once(socket, 'connect').then(
      () => false,
      () => true,
    );
    // On a busy machine, the event of a connection can take a second.
    full = await ('path' in place ? connects : Promise.race([connects, sleep(3000, true, { ref: false })]));
  }
  return { port };
}
