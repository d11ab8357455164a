import { describe, expect, it } from 'vitest';
import { bodyOf, looksLikeHttp, parseHead } from '../../src/sources/http.ts';
import { DOCUMENT, HTTP_HEAD } from './servers.ts';

/** The parsed response, with its body as text. */
function parse(text: string) {
  const bytes = Buffer.from(text, 'latin1');
  const head = parseHead(bytes);
  if (head === null) return null;
  const { body, complete } = bodyOf(head, bytes);
  return { status: head.status, ok: head.ok, body: body.toString('latin1'), complete };
}

const ok = (headers: string, body: string) => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${body}`;

describe('looksLikeHttp', () => {
  it.each([
    ['', null],
    ['H', null],
    ['HTTP', null],
    ['HTTP/', true],
    ['HTTP/1.0 200 OK', true],
    ['{', false],
    ['HTML', false],
    ['http/', false],
    ['\nHTTP/', false],
    ['<!doc', false],
  ])('%j: %s', (text, expected) => {
    expect(looksLikeHttp(Buffer.from(text))).toBe(expected);
  });
});

describe('an HTTP response', () => {
  it('of uWSGI ends with the close of the connection', () => {
    expect(parse(HTTP_HEAD + DOCUMENT)).toEqual({
      status: '200 OK',
      ok: true,
      body: DOCUMENT,
      complete: null,
    });
  });

  it('is incomplete before the end of the headers', () => {
    const text = HTTP_HEAD;
    for (let end = 0; end < text.length; end += 1) expect(parse(text.slice(0, end))).toBeNull();
    expect(parse(text)).toMatchObject({ body: '', complete: null });
  });

  it('keeps blank lines and all bytes of the body', () => {
    expect(parse(`${HTTP_HEAD}{\r\n\r\n"\xff\x00"}`)?.body).toBe('{\r\n\r\n"\xff\x00"}');
  });

  it.each([
    ['HTTP/1.0 200 OK', '200 OK', true],
    ['HTTP/1.1 204 No Content', '204 No Content', true],
    ['HTTP/2 200', '200', true],
    ['HTTP/1.1 404 Not Found', '404 Not Found', false],
    ['HTTP/1.1 301 Moved Permanently', '301 Moved Permanently', false],
    ['HTTP/1.1 502 Bad Gateway', '502 Bad Gateway', false],
    ['HTTP/1.1 2000 Odd', '2000 Odd', false],
    ['HTTP/1.1', '', false],
  ])('%s', (line, status, good) => {
    expect(parse(`${line}\r\n\r\n`)).toMatchObject({ status, ok: good });
  });
});

describe('a content length', () => {
  it.each([
    ['Content-Length: 5', 'hello', 'hello', true],
    ['content-length:5', 'hello', 'hello', true],
    ['CONTENT-LENGTH:   5  ', 'hello', 'hello', true],
    ['X-Content-Length: 2\r\nContent-Length: 5', 'hello', 'hello', true],
    ['Content-Length: 5', 'hell', 'hell', false],
    ['Content-Length: 5', '', '', false],
    ['Content-Length: 5', 'hello and more', 'hello', true],
    ['Content-Length: 0', '', '', true],
    ['Content-Length: five', 'hello', 'hello', null],
    ['Content-Type: text/html', 'hello', 'hello', null],
  ])('%s with body %j', (header, sent, body, complete) => {
    expect(parse(ok(header, sent))).toMatchObject({ body, complete });
  });

  it('that is negative is ignored', () => {
    expect(parse(ok('Content-Length: -2', 'hello'))?.complete).not.toBe(true);
  });
});

describe('a chunked body', () => {
  const chunked = (body: string) => parse(ok('Transfer-Encoding: chunked', body));

  it.each([
    ['with one chunk', '5\r\nhello\r\n0\r\n\r\n', 'hello', true],
    ['with several chunks', '3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n', 'hello', true],
    ['without data', '0\r\n\r\n', '', true],
    ['with a size in hexadecimal', 'A\r\n0123456789\r\n0\r\n\r\n', '0123456789', true],
    ['with an extension and a trailer', '5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n', 'hello', true],
    ['with line ends in its data', '4\r\n\r\n\r\n\r\n0\r\n\r\n', '\r\n\r\n', true],
    ['without the last chunk', '5\r\nhello\r\n', 'hello', false],
    ['with an incomplete chunk', '5\r\nhello\r\n5\r\nwor', 'hello', false],
    ['with a chunk without its line end', '5\r\nhello', '', false],
    ['without a size', 'hello', '', false],
    ['with an invalid size', 'zz\r\nhello\r\n0\r\n\r\n', '', false],
    ['without any byte', '', '', false],
  ])('%s', (_what, sent, body, complete) => {
    expect(chunked(sent)).toMatchObject({ body, complete });
  });

  it('takes precedence over a content length', () => {
    const both = parse(
      ok('Content-Length: 3\r\ntransfer-encoding: gzip, Chunked', '5\r\nhello\r\n0\r\n\r\n'),
    );
    expect(both).toMatchObject({ body: 'hello', complete: true });
  });

  it('cannot have a negative chunk size, which would move the parser backwards', () => {
    expect(chunked('-5\r\nhello\r\n0\r\n\r\n')?.complete).toBe(false);
  });
});
