import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Exchange, type ExchangeError, exchange } from '../../src/sources/exchange.ts';
import { afterSilence } from '../../src/sources/silence.ts';
import { DOCUMENT, folder } from './servers.ts';

/** Flags shared by the main thread and the server's thread while the main thread is blocked. */
const CELLS = { accepted: 0, write: 1, written: 2, never: 3 } as const;

/**
 * A raw server in its own thread. It accepts one connection, writes when its flag is set, and posts the bytes from the
 * client. With `silent` it never writes.
 */
const SERVER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { cells, path, document, silent, CELLS } = workerData;
  const state = new Int32Array(cells);
  const set = (cell) => { Atomics.store(state, cell, 1); Atomics.notify(state, cell); };
  const server = require('node:net').createServer((socket) => {
    let received = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => { received += chunk; });
    socket.once('close', () => parentPort.postMessage({ received }));
    set(CELLS.accepted);
    Atomics.wait(state, CELLS.write, 0);
    if (silent) set(CELLS.written);
    else socket.end(document, () => set(CELLS.written));
  });
  server.listen(path, () => parentPort.postMessage('listening'));
`;

interface StoppedClient {
  result: Exchange | ExchangeError;
  /** The bytes that the raw server received. */
  received: string;
}

interface Pause {
  seconds: number;
  timeoutSeconds: number;
  silent?: boolean;
}

/** An exchange with a server that answers while this process is blocked for the given seconds. */
async function exchangeStopped(pause: Pause): Promise<StoppedClient> {
  for (;;) {
    const tried = await tryExchange(pause);
    if (tried !== null) return tried;
  }
}

/** Maximum milliseconds until the connection is accepted. After 250 ms the request would be sent before the pause. */
const ACCEPTED_MS = 100;

/**
 * Returns `null` if the machine was too busy to accept the connection in time, so that the server was silent before the
 * pause.
 */
async function tryExchange(given: Pause): Promise<StoppedClient | null> {
  const path = join(folder(), 'raw.stats');
  const cells = new SharedArrayBuffer(16);
  const state = new Int32Array(cells);
  const workerData = { cells, path, document: DOCUMENT, silent: given.silent ?? false, CELLS };
  const server = new Worker(SERVER, { eval: true, workerData });
  onTestFinished(async () => void (await server.terminate()));
  await once(server, 'message');
  const closed = once(server, 'message');
  const begun = performance.now();
  const result = exchange({
    connection: { path },
    protocol: null,
    request: 'GET / HTTP/1.0\r\n\r\n',
    timeoutSeconds: given.timeoutSeconds,
    maxBytes: 1e6,
  }).catch((error: ExchangeError) => error);
  while (Atomics.load(state, CELLS.accepted) === 0) await turn();
  // The client receives the event of its connection.
  await turn();
  await turn();
  const isLate = performance.now() - begun > ACCEPTED_MS;
  Atomics.store(state, CELLS.write, 1);
  Atomics.notify(state, CELLS.write);
  Atomics.wait(state, CELLS.written, 0);
  Atomics.wait(state, CELLS.never, 0, given.seconds * 1000);
  const [{ received }] = await closed;
  const answer = { result: await result, received };
  return isLate ? null : answer;
}

describe('a pause in which this process cannot run', () => {
  it('does not cause a request to a raw server that has answered', async () => {
    const { result, received } = await exchangeStopped({ seconds: 0.3, timeoutSeconds: 20 });
    expect(result).toMatchObject({ protocol: 'raw', asked: false });
    expect(received).toBe('');
  });

  it('does not cause a silence error for a server that has answered', async () => {
    const { result, received } = await exchangeStopped({ seconds: 0.4, timeoutSeconds: 0.2 });
    expect(result).toMatchObject({ protocol: 'raw', asked: false });
    expect(received).toBe('');
  });

  it('does not hide that a server is silent', async () => {
    const { result } = await exchangeStopped({ seconds: 0.4, timeoutSeconds: 0.2, silent: true });
    expect(result).toMatchObject({ code: 'TIMEOUT', received: 0 });
  });
});

describe('the wait for silence', () => {
  it('ends once, and never after it was cancelled', async () => {
    const calls: string[] = [];
    const stop = afterSilence(0.01, () => calls.push('called off'));
    stop();
    await new Promise<void>((done) => {
      afterSilence(0.02, () => {
        calls.push('over');
        done();
      });
    });
    expect(calls).toEqual(['over']);
  });
});
