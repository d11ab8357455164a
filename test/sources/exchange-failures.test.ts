import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { exchange } from '../../src/sources/exchange.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { failure, options } from './exchanges.ts';
import { raw, serve, silent } from './servers.ts';

describe('an exchange fails', () => {
  it('if no byte arrives in time', async () => {
    const server = await serve('unix', silent);
    const error = await failure(options(server, { timeoutSeconds: 0.4 }));
    expect(error).toMatchObject({ code: 'TIMEOUT', received: 0, asked: true });
    expect(await failure(options(server, { timeoutSeconds: 0.1, protocol: 'raw' }))).toMatchObject({
      asked: false,
    });
  });

  it('if the end does not arrive in time, even if the server sends bytes continuously', async () => {
    const server = await serve('unix', async (socket) => {
      while (!socket.destroyed) {
        socket.write('x');
        await pause(5);
      }
    });
    const error = await failure(options(server, { timeoutSeconds: 0.3 }));
    expect(error).toMatchObject({ code: 'TIMEOUT', asked: false });
    expect(error.received).toBeGreaterThan(1);
  });

  it('if the response exceeds the size limit', async () => {
    const server = await serve('unix', raw('x'.repeat(1001)));
    const error = await failure(options(server, { maxBytes: 1000 }));
    expect(error).toMatchObject({ code: 'TOO_LARGE', received: 1001 });
    const fits = await serve('unix', raw('x'.repeat(1000)));
    expect((await exchange(options(fits, { maxBytes: 1000 }))).bytes.length).toBe(1000);
  });

  it('if there is no socket', async () => {
    const server = await serve('tcp', silent);
    const missing = { ...server, connection: { path: '/nowhere/to/be.found' } };
    expect(await failure(options(missing))).toMatchObject({ code: 'ENOENT', received: 0, asked: false });
  });

  it('if it is aborted, and closes the connection at once', async () => {
    let closed = false;
    const stop = new AbortController();
    const server = await serve('unix', (socket) => {
      socket.on('close', () => {
        closed = true;
      });
      socket.write('{');
      stop.abort();
    });
    const error = await failure(options(server, { signal: stop.signal, timeoutSeconds: 60 }));
    expect(error.code).toBe('ABORTED');
    await vi.waitUntil(() => closed, TIMEOUT_MS);
  });

  it('without a connection if it was aborted before it began', async () => {
    const server = await serve('unix', silent);
    const error = await failure(options(server, { signal: AbortSignal.abort(), timeoutSeconds: 0.3 }));
    expect(error.code).toBe('ABORTED');
    await pause(50);
    expect(server.received).toEqual([]);
  });
});
