import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Asked, createMetricsServer, LIMITS, listen, plain } from '../../src/serve/http.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Shorter times than those of users. A client that sends at once must still meet them on a busy machine. */
const SHORT = { ...LIMITS, head: 2000, idle: 2000 };

const BODY = 'uwsgi_up 1\n'.repeat(1000);

/** Starts a server with a page, and returns its port. */
async function serverOf(page: (asked: Asked) => string = () => BODY, limits = SHORT) {
  const errors: string[] = [];
  const routes = {
    '/metrics': (asked: Asked) => plain(page(asked)),
    '/fails': () => {
      throw new Error('a secret of the program');
    },
  };
  const server = createMetricsServer(routes, ({ message }) => errors.push(message), limits);
  onTestFinished(() => void server.close());
  const url = await listen(server, { host: '127.0.0.1', port: 0 });
  return { url, port: Number(new URL(url).port), errors, server };
}

function connection(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends bytes, and returns all that comes back until the server closes the connection. */
async function sent(port: number, bytes: string): Promise<string> {
  const socket = connection(port);
  socket.write(bytes);
  return text(socket).catch(() => '');
}

describe('a request', () => {
  it('can follow an empty line', async () => {
    const { port } = await serverOf();
    expect(await sent(port, '\r\nGET /metrics HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('gets its page, compressed if the client accepts that', async () => {
    const { url, port } = await serverOf();
    const response = await fetch(`${url}/metrics`, { headers: { 'accept-encoding': 'identity' } });
    expect([response.status, await response.text()]).toEqual([200, BODY]);
    expect(response.headers.get('content-encoding')).toBeNull();
    const socket = connection(port);
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'close');
    const whole = Buffer.concat(chunks);
    const end = whole.indexOf('\r\n\r\n');
    expect(whole.subarray(0, end).toString()).toMatch(/content-encoding: gzip/i);
    expect(gunzipSync(whole.subarray(end + 4)).toString()).toBe(BODY);
    expect(whole.length).toBeLessThan(BODY.length / 10);
  });

  it('has its query, its format and the patience of the scraper', async () => {
    const { url } = await serverOf(({ query, accept, patience }) =>
      JSON.stringify([query.get('target'), accept, patience]),
    );
    const get = async (path: string, headers: Record<string, string>) =>
      JSON.parse(await (await fetch(url + path, { headers })).text());
    const accept = 'text/plain';
    const timeout = 'x-prometheus-scrape-timeout-seconds';
    expect(await get('/metrics?target=%2Frun%2Fa', { accept, [timeout]: '9.5' })).toEqual([
      '/run/a',
      accept,
      9.5,
    ]);
    for (const wrong of ['', 'x', '-1', '0', '1e9', 'NaN', 'Infinity'])
      expect(await get('/metrics', { accept, [timeout]: wrong })).toEqual([null, accept, null]);
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '/metrics/', 404],
    ['GET', '/metrics/../metrics', 404],
    ['GET', '//metrics', 404],
    ['GET', '/__proto__', 404],
    ['GET', '/constructor', 404],
    ['GET', 'http://other/metrics', 404],
    ['POST', '/metrics', 405],
    ['OPTIONS', '*', 405],
    ['TRACE', '/metrics', 405],
    ['GET', '/fails', 500],
  ])('%s %s is refused with %d', async (method, path, status) => {
    const { port, errors } = await serverOf();
    const answer = await sent(port, `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toContain('secret');
    expect(errors).toEqual(status === 500 ? ['a secret of the program'] : []);
  });

  it('with a long query is refused', async () => {
    const { url } = await serverOf();
    expect((await fetch(`${url}/metrics?target=${'a'.repeat(4000)}`)).status).toBe(414);
  });

  it('with HEAD has the headers only', async () => {
    const { port } = await serverOf();
    const answer = await sent(port, 'HEAD /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(new RegExp(`content-length: ${BODY.length}`, 'i'));
    expect(answer).not.toContain('uwsgi_up');
  });
});

describe('a client', () => {
  it.each([
    ['that does not speak HTTP', '\x16\x03\x01\x02\x00\r\n\r\n', 400],
    ['with large headers', `GET /metrics HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(10_000)}\r\n\r\n`, 431],
    ['with another version of HTTP', 'PRI * HTTP/2.0\r\n\r\n', 400],
    ['with an invalid header', 'GET /metrics HTTP/1.1\r\nHost : a\r\n\r\n', 400],
  ])('%s is refused', async (_, bytes, status) => {
    const { port, url } = await serverOf();
    expect(await sent(port, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });

  it('that does not finish its request, or is silent, is disconnected, and others are answered', async () => {
    const { port, url } = await serverOf();
    const slow = sent(port, 'GET /metrics HTTP/1.1\r\nHost: a\r\nX: ');
    const silent = sent(port, '');
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    expect(await slow).toMatch(/^(HTTP\/1.1 408 |$)/);
    expect(await silent).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  it.each([
    ['keep-alive', 'GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n'],
    ['HTTP/1.0', 'GET /metrics HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'],
    ['an expectation', 'GET /metrics HTTP/1.1\r\nHost: a\r\nExpect: everything\r\n\r\n'],
  ])('that sends many requests with %s at once is disconnected after the first', async (_, request) => {
    let asked = 0;
    const { port } = await serverOf(() => {
      asked += 1;
      return BODY;
    });
    expect(await sent(port, request)).toContain(BODY);
    expect((await sent(port, request.repeat(1000))).match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(asked).toBe(2);
  });

  it('whose connection is old is disconnected, also if it is not idle', async () => {
    const { port, server } = await serverOf(() => 'a'.repeat(32 * 2 ** 20), {
      ...LIMITS,
      idle: 10 * TIMEOUT_MS,
      whole: 500,
    });
    const socket = connection(port);
    socket.pause();
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
    const [accepted] = await once(server, 'connection');
    await once(accepted, 'close');
  });

  it('among too many is disconnected at once, and later ones are answered', async () => {
    const { port, url, server } = await serverOf();
    const sockets = Array.from({ length: server.maxConnections }, () => connection(port));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect(await sent(port, 'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(() =>
        fetch(`${url}/metrics`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it('that does not read the response is disconnected', async () => {
    const { port, server } = await serverOf(() => 'a'.repeat(32 * 2 ** 20));
    const socket = connection(port);
    socket.pause();
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
    const count = () => new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));
    await expect.poll(count).toBe(1);
    await expect.poll(count).toBe(0);
  });
});
