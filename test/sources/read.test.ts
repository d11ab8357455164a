import { mkdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HttpStatusError, NotStatsError, TooLargeError, TruncatedError } from '../../src/sources/errors.ts';
import { read } from '../../src/sources/read.ts';
import { MAX_BYTES } from '../../src/sources/stream.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import { DOCUMENT, folder, HTTP_HEAD, http, raw, serve, type Where } from './servers.ts';

const OPTIONS = { timeoutSeconds: TIMEOUT_SECONDS };

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe.each<Where>(['unix', 'tcp'])('a server on a %s socket', (where) => {
  it('that is raw is read without a byte sent to it', async () => {
    const server = await serve(where, raw(DOCUMENT));
    // `Date.now` has whole milliseconds, so a time that is computed with it can be earlier by one.
    const before = (Date.now() - 1) / 1000;
    const answer = await read(server.target, OPTIONS);
    expect(answer).toMatchObject({ protocol: 'raw', origin: 'server' });
    expect(answer.document.toString()).toBe(DOCUMENT);
    expect(answer.bytes).toEqual(answer.document);
    expect(answer.time).toBeGreaterThanOrEqual(before);
    expect(answer.time).toBeLessThanOrEqual(Date.now() / 1000);
    expect(server.received).toEqual(['']);
  });

  it('that speaks HTTP is sent a request, and the headers are removed', async () => {
    const server = await serve(where, http(HTTP_HEAD + DOCUMENT));
    const answer = await read(server.target, OPTIONS);
    expect(answer).toMatchObject({ protocol: 'http', origin: 'server' });
    expect(answer.document.toString()).toBe(DOCUMENT);
    expect(answer.bytes.toString()).toBe(HTTP_HEAD + DOCUMENT);
    const host = where === 'unix' ? 'localhost' : server.target.text.replace('tcp://', '');
    expect(server.received).toEqual([`GET / HTTP/1.0\r\nHost: ${host}\r\nUser-Agent: statstop\r\n\r\n`]);
  });

  it('that is known to be raw is not sent a request, even if it is slow', async () => {
    const server = await serve(where, async (socket) => {
      await pause(350);
      socket.end(DOCUMENT);
    });
    const answer = await read(server.target, { ...OPTIONS, protocol: 'raw' });
    expect(answer.document.toString()).toBe(DOCUMENT);
    expect(server.received).toEqual(['']);
  });

  it('that is known to speak HTTP is sent a request at once', async () => {
    const server = await serve(where, http(HTTP_HEAD + DOCUMENT));
    // No timer ends in this test, so a wait for silence would never end.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    expect((await read(server.target, { ...OPTIONS, protocol: 'http' })).protocol).toBe('http');
  });

  it('that was slow and reset the connection after the request is read again as raw', async () => {
    const server = await serve(
      where,
      async (socket, connection) => {
        if (connection > 0) return void socket.end(DOCUMENT);
        await pause(400);
        socket.destroy();
      },
      { pauseOnConnect: true },
    );
    const answer = await read(server.target, OPTIONS);
    expect(answer).toMatchObject({ protocol: 'raw' });
    expect(answer.document.toString()).toBe(DOCUMENT);
    expect(server.received).toHaveLength(2);
  });
});

describe('the scheme of a target', () => {
  it('http:// requests its path at once', async () => {
    const server = await serve('tcp', http(HTTP_HEAD + DOCUMENT));
    const { connection } = server;
    const port = 'port' in connection ? connection.port : 0;
    await read(parseTarget(`http://127.0.0.1:${port}/stats?x=1`), OPTIONS);
    expect(server.received[0]).toMatch(/^GET \/stats\?x=1 HTTP\/1\.0\r\nHost: 127\.0\.0\.1:\d+\r\n/);
  });

  it('unix: and http+unix: are sockets with any name', async () => {
    const server = await serve('unix', http(HTTP_HEAD + DOCUMENT));
    for (const scheme of ['unix:', 'http+unix:']) {
      const answer = await read(parseTarget(scheme + server.target.text), OPTIONS);
      expect(answer.document.toString()).toBe(DOCUMENT);
    }
  });
});

describe('an HTTP response', () => {
  const answering = async (answer: string) =>
    read((await serve('tcp', http(answer))).target, { ...OPTIONS, protocol: 'http' });

  it('with a content length or in chunks is decoded', async () => {
    const length = `HTTP/1.1 200 OK\r\nContent-Length: ${DOCUMENT.length}\r\n\r\n${DOCUMENT}`;
    const chunks = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n3\r\na":\r\n2\r\n1}\r\n0\r\n\r\n`;
    expect((await answering(length)).document.toString()).toBe(DOCUMENT);
    expect((await answering(chunks)).document.toString()).toBe('{"a":1}');
  });

  it('that is a web page of another server is refused with its status', async () => {
    const page = 'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>Not Found</h1>';
    const error = await answering(page).catch((reason) => reason);
    expect(error).toBeInstanceOf(HttpStatusError);
    expect(error.message).toMatch(
      /: the server returned HTTP 404 Not Found\. This is not the stats server\./,
    );
  });

  it.each([
    ['in its headers', 'HTTP/1.0 200 OK\r\nConnection: cl'],
    ['before its content length is reached', 'HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{"version":'],
    ['between its chunks', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n'],
  ])('that is truncated %s is refused', async (_where, answer) => {
    const error = await answering(answer).catch((reason) => reason);
    expect(error).toBeInstanceOf(TruncatedError);
    expect(error.message).toContain(`the HTTP response is cut off after ${answer.length} bytes`);
  });

  it('without a document is refused', async () => {
    await expect(answering(HTTP_HEAD)).rejects.toThrow(NotStatsError);
  });
});

describe('a file', () => {
  it('is read unchanged, and its time is that of its last modification', async () => {
    const path = join(folder(), 'saved.stats');
    writeFileSync(path, DOCUMENT);
    utimesSync(path, 1_700_000_000, 1_700_000_000.25);
    const answer = await read(parseTarget(path), OPTIONS);
    expect(answer).toMatchObject({ time: 1_700_000_000.25, protocol: null, origin: 'file' });
    expect(answer.document.toString()).toBe(DOCUMENT);
  });

  it('may contain the HTTP headers too', async () => {
    const path = join(folder(), 'saved.stats');
    writeFileSync(path, HTTP_HEAD + DOCUMENT);
    const answer = await read(parseTarget(path), OPTIONS);
    expect(answer.document.toString()).toBe(DOCUMENT);
    expect(answer.bytes.toString()).toBe(HTTP_HEAD + DOCUMENT);
  });

  it('that is empty causes an error that says so', async () => {
    const path = join(folder(), 'saved.stats');
    writeFileSync(path, '');
    const error = await read(parseTarget(path), OPTIONS).catch((reason) => reason);
    expect(error.message).toContain(path);
    expect(error.cause).toMatch(/empty/);
    expect(error.message).not.toMatch(/connection/);
  });

  it('larger than the documents of any server is not read', async () => {
    const path = join(folder(), 'huge');
    writeFileSync(path, '');
    truncateSync(path, MAX_BYTES + 1);
    expect(statSync(path).size).toBe(MAX_BYTES + 1);
    const error = await read(parseTarget(path), OPTIONS).catch((reason) => reason);
    expect(error).toBeInstanceOf(TooLargeError);
    expect(error.message).toContain('the file has more than 64 MiB');
  });

  it('may have a name that looks like another target', async () => {
    const path = join(folder(), 'a b:1717');
    mkdirSync(`${path}.d`);
    writeFileSync(path, DOCUMENT);
    expect((await read(parseTarget(path), OPTIONS)).document.toString()).toBe(DOCUMENT);
  });
});

describe('standard input', () => {
  it('is read to its end', async () => {
    const stdin = Readable.from([Buffer.from('{"a"'), Buffer.from(':1}')]) as unknown as typeof process.stdin;
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin);
    const answer = await read(parseTarget('-'), OPTIONS);
    expect(answer).toMatchObject({ protocol: null, origin: 'pipe' });
    expect(answer.document.toString()).toBe('{"a":1}');
  });
});
