import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { exchange } from '../../src/sources/exchange.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { failure, options, REQUEST } from './exchanges.ts';
import { DOCUMENT, HTTP_HEAD, http, raw, serve, type Where } from './servers.ts';

describe.each<Where>(['unix', 'tcp'])('on a %s socket', (where) => {
  it('a raw server is read to its end and is never sent a byte', async () => {
    for (const protocol of [null, 'raw'] as const) {
      const server = await serve(where, raw(DOCUMENT));
      const { bytes, protocol: found } = await exchange(options(server, { protocol }));
      expect(bytes.toString()).toBe(DOCUMENT);
      expect(found).toBe('raw');
      expect(server.received).toEqual(['']);
    }
  });

  it('a server that waits for a request is sent one, on the same connection', async () => {
    for (const protocol of [null, 'http'] as const) {
      const server = await serve(where, http(HTTP_HEAD + DOCUMENT));
      const { bytes, protocol: found } = await exchange(options(server, { protocol }));
      expect(bytes.toString()).toBe(HTTP_HEAD + DOCUMENT);
      expect(found).toBe('http');
      expect(server.received).toEqual([REQUEST]);
    }
  });

  it('an HTTP server that answers without a request is recognized as HTTP', async () => {
    const server = await serve(where, raw(HTTP_HEAD + DOCUMENT));
    expect(await exchange(options(server))).toMatchObject({ protocol: 'http' });
  });

  it('a slow raw server that does not read the request resets the connection', async () => {
    const server = await serve(
      where,
      async (socket) => {
        // Many short pauses: during a stall of the machine only one of them ends, so the client acts before the last one.
        for (let turn = 0; turn < 40; turn += 1) await pause(10);
        socket.destroy();
      },
      { pauseOnConnect: true },
    );
    expect(await failure(options(server))).toMatchObject({ code: 'ECONNRESET', received: 0, asked: true });
    expect(await failure(options(server, { protocol: 'http' }))).toMatchObject({ asked: true });
  });

  it('a close without a byte is an empty answer', async () => {
    const server = await serve(where, raw(''));
    expect((await exchange(options(server))).bytes.length).toBe(0);
  });
});

describe('a response in pieces', () => {
  it('is joined, and its time is that of the first byte', async () => {
    let second = 0;
    const onBytes = vi.fn();
    const server = await serve('tcp', async (socket) => {
      socket.write('{"a"');
      await vi.waitFor(() => expect(onBytes).toHaveBeenCalled(), TIMEOUT_MS);
      second = SYSTEM_CLOCK.monotonic();
      socket.end(':"é"}');
    });
    const start = SYSTEM_CLOCK.monotonic();
    const { bytes, clock } = await exchange(options(server, { onBytes }));
    expect(bytes.toString()).toBe('{"a":"é"}');
    expect(clock).toBeGreaterThanOrEqual(start);
    expect(clock).toBeLessThan(second);
    expect(onBytes.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['with a content length', `HTTP/1.1 200 OK\r\nContent-Length: ${DOCUMENT.length}\r\n\r\n${DOCUMENT}`],
    [
      'in chunks',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${DOCUMENT.length.toString(16)}\r\n${DOCUMENT}\r\n0\r\n\r\n`,
    ],
  ])('%s is complete before the server closes', async (_what, answer) => {
    const server = await serve('tcp', async (socket) => {
      for (const piece of answer.match(/[\s\S]{1,40}/g) ?? []) {
        socket.write(piece);
        await pause(1);
      }
    });
    expect((await exchange(options(server, { protocol: 'http' }))).bytes.toString()).toBe(answer);
  });

  it('of 4 MB is read completely', async () => {
    const document = JSON.stringify({ workers: [], filler: 'x'.repeat(4e6) });
    const server = await serve('unix', raw(document));
    const { bytes } = await exchange(options(server, { maxBytes: 5e6 }));
    expect(bytes.equals(Buffer.from(document))).toBe(true);
  });
});
