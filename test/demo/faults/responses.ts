/** HTTP responses of what may stand in front of uWSGI, or in its place. */

/** A proxy that passes the document on in chunks, none of which ends where anything else does. */
export function chunkedResponse(document: Buffer): Buffer {
  const parts = [head('200 OK', 'application/json', 'Transfer-Encoding: chunked')];
  for (let at = 0; at < document.length; at += CHUNK) {
    const chunk = document.subarray(at, at + CHUNK);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

/** A prime, so that chunks end in the middle of words. */
const CHUNK = 1009;

/** A proxy that says how long the document is, because it keeps the connection. */
export function lengthResponse(document: Buffer): Buffer {
  const length = `Content-Length: ${document.length}\r\nConnection: keep-alive`;
  return Buffer.concat([head('200 OK', 'application/json', length), document]);
}

/** Any other web server. */
export function notFoundResponse(): Buffer {
  const page = Buffer.from(
    '<html><head><title>404 Not Found</title></head>\n<body><h1>404 Not Found</h1></body></html>\n',
  );
  const length = `Content-Length: ${page.length}\r\nConnection: close`;
  return Buffer.concat([head('404 Not Found', 'text/html', length), page]);
}

/** Bytes of the status in `rudeResponse` and `endlessResponse`: fewer, and more, than headers can have. */
export const RUDE_STATUS = 30_000;
export const ENDLESS_STATUS = 2 ** 20;

/** An application that fails, and puts into its status what it likes. */
export function rudeResponse(): Buffer {
  return statusOnly('500', RUDE_STATUS);
}

/** A web server that knows no measure. */
export function endlessResponse(): Buffer {
  return statusOnly('404', ENDLESS_STATUS);
}

/** Words that would paint the terminal of whoever prints them. */
function statusOnly(code: string, length: number): Buffer {
  const status = `${code} ${'\x1b[2J\x1b[31mno '.repeat(length / 10)}`.slice(0, length);
  return head(status, 'text/html', 'Content-Length: 0');
}

function head(status: string, type: string, more: string): Buffer {
  return Buffer.from(`HTTP/1.1 ${status}\r\nServer: front\r\nContent-Type: ${type}\r\n${more}\r\n\r\n`);
}
