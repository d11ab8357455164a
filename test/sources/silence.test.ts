import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { exchange } from '../../src/sources/exchange.ts';
import { options, REQUEST } from './exchanges.ts';
import { DOCUMENT, HTTP_HEAD, http, serve, type TestServer } from './servers.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Lets the pending events of this process run. Fake timers do not advance. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((turn) => setImmediate(turn));
}

async function connected(server: TestServer): Promise<void> {
  while (server.received.length === 0) await turns();
  await turns();
}

describe('the silence before a request to an unknown server', () => {
  const onlyTimeouts = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

  it('occurs once, and the request follows it', async () => {
    const server = await serve('unix', http(HTTP_HEAD + DOCUMENT));
    onlyTimeouts();
    const answer = exchange(options(server));
    await connected(server);
    vi.advanceTimersByTime(249);
    await turns();
    expect(server.received).toEqual(['']);
    vi.advanceTimersByTime(1);
    expect((await answer).protocol).toBe('http');
    expect(server.received).toEqual([REQUEST]);
  });

  it('is skipped if the server is known to speak HTTP', async () => {
    const server = await serve('unix', http(HTTP_HEAD + DOCUMENT));
    onlyTimeouts();
    expect((await exchange(options(server, { protocol: 'http' }))).protocol).toBe('http');
  });

  it('never ends in a request if the server is known to be raw, however long it takes', async () => {
    const sockets: Socket[] = [];
    const server = await serve('unix', (socket) => void sockets.push(socket));
    onlyTimeouts();
    const answer = exchange(options(server, { protocol: 'raw', timeoutSeconds: 4 }));
    await connected(server);
    vi.advanceTimersByTime(3999);
    await turns();
    sockets[0]?.end(DOCUMENT);
    expect((await answer).bytes.toString()).toBe(DOCUMENT);
    expect(server.received).toEqual(['']);
  });

  it('ends with the first byte, however slowly the rest follows', async () => {
    const sockets: Socket[] = [];
    const server = await serve('unix', (socket) => {
      sockets.push(socket);
      socket.write('{');
    });
    onlyTimeouts();
    const onBytes = vi.fn();
    const answer = exchange(options(server, { onBytes }));
    while (onBytes.mock.calls.length === 0) await turns();
    vi.advanceTimersByTime(1500);
    await turns();
    sockets[0]?.end('}');
    expect((await answer).bytes.toString()).toBe('{}');
    expect(server.received).toEqual(['']);
  });
});
