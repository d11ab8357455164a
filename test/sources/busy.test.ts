import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { read } from '../../src/sources/read.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import { folder } from './servers.ts';

/** Listens with the shortest possible queue, reports it, and then blocks until `wake` is set. */
const STOPPED_SERVER = `
  const { parentPort, workerData } = require('node:worker_threads');
  require('node:net').createServer().listen({ path: workerData.path, backlog: 1 }, () => {
    parentPort.postMessage('listening');
    Atomics.wait(new Int32Array(workerData.wake), 0, 0);
  });
`;

it('a stopped server with a full queue is reported as busy', async () => {
  const path = join(folder(), 'stopped.stats');
  const wake = new SharedArrayBuffer(4);
  const server = new Worker(STOPPED_SERVER, { eval: true, workerData: { path, wake } });
  const waiting: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy();
    Atomics.store(new Int32Array(wake), 0, 1);
    Atomics.notify(new Int32Array(wake), 0);
    await server.terminate();
  });
  await once(server, 'message');
  // Linux accepts one connection more than the length of the queue.
  for (let full = false; !full && waiting.length < 10; ) {
    const socket = connect(path);
    waiting.push(socket);
    full = await Promise.race([
      once(socket, 'connect').then(() => false),
      once(socket, 'error').then(() => true),
    ]).catch(() => true);
  }
  const error = await read(parseTarget(path), { timeoutSeconds: TIMEOUT_SECONDS }).catch((reason) => reason);
  expect(error.message).toMatch(/queue of the stats socket is full/);
});
