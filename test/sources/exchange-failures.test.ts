import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { exchange } from '../../src/sources/exchange.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { failure, options } from './exchanges.ts';
import { raw, serve, silent } from './servers.ts';

describe('an exchange fails', () => {
  it('when nothing comes in time', async () => {
    const server = await serve('unix', silent);
    const error = await failure(options(server, { timeoutSeconds: 0.4 }));
    expect(error).toMatchObject({ code: 'TIMEOUT', received: 0, asked: true });
    expect(await failure(options(server, { timeoutSeconds: 0.1, protocol: 'raw' }))).toMatchObject({
      asked: false,
    });
  });

  it('when the end does not come in time, however busily the server writes', async () => {
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

  it('when more comes than anyone would send', async () => {
    const server = await serve('unix', raw('x'.repeat(1001)));
    const error = await failure(options(server, { maxBytes: 1000 }));
    expect(error).toMatchObject({ code: 'TOO_LARGE', received: 1001 });
    const fits = await serve('unix', raw('x'.repeat(1000)));
    expect((await exchange(options(fits, { maxBytes: 1000 }))).bytes.length).toBe(1000);
  });

  it('when nobody listens', async () => {
    const server = await serve('tcp', silent);
    const missing = { ...server, connection: { path: '/nowhere/to/be.found' } };
    expect(await failure(options(missing))).toMatchObject({ code: 'ENOENT', received: 0, asked: false });
  });

  it('when it is called off, and lets go of the server at once', async () => {
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

  it('when it was called off before it began, without a connection', async () => {
    const server = await serve('unix', silent);
    const error = await failure(options(server, { signal: AbortSignal.abort(), timeoutSeconds: 0.3 }));
    expect(error.code).toBe('ABORTED');
    await pause(50);
    expect(server.received).toEqual([]);
  });
});
