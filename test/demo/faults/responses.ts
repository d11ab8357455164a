/** HTTP responses of servers in front of uWSGI, or of other servers at its address. */

/** A proxy that sends the document in chunks. Their ends do not coincide with other boundaries. */
export function chunkedResponse(document: Buffer): Buffer {
  const parts = [head('200 OK', 'application/json', 'Transfer-Encoding: chunked')];
  for (let at = 0; at < document.length; at += CHUNK) {
    const chunk = document.subarray(at, at + CHUNK);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

/** A prime number, so that chunks end in the middle of words. */
const CHUNK = 1009;

/** A proxy that sends the length of the document, because it keeps the connection open. */
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

/**
 * Length of the status text in `rudeResponse` and `endlessResponse` in bytes: below and above the limit for headers.
 */
export const RUDE_STATUS = 30_000;
export const ENDLESS_STATUS = 2 ** 20;

/** An application that fails and puts hostile text into its status line. */
export function rudeResponse(): Buffer {
  return statusOnly('500', RUDE_STATUS);
}

/** A web server with an oversized status line. */
export function endlessResponse(): Buffer {
  return statusOnly('404', ENDLESS_STATUS);
}

/** A status line with escape sequences for a terminal. */
function statusOnly(code: string, length: number): Buffer {
  const status = `${code} ${'\x1b[2J\x1b[31mno '.repeat(length / 10)}`.slice(0, length);
  return head(status, 'text/html', 'Content-Length: 0');
}

function head(status: string, type: string, more: string): Buffer {
  return Buffer.from(`HTTP/1.1 ${status}\r\nServer: front\r\nContent-Type: ${type}\r\n${more}\r\n\r\n`);
}
