/**
 * Just enough of an HTTP response (RFC 9112) to take the document out of it: uWSGI's own is `HTTP/1.0 200 OK` with
 * the document up to the close, a proxy in front of it may give a length or chunks.
 */
export interface HttpAnswer {
  /** As in `404 Not Found`. */
  status: string;
  ok: boolean;
  body: Buffer;
  /** All of it has come; `null` when only the close of the connection tells. */
  complete: boolean | null;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Whether an answer is HTTP, from its first bytes; `null` while these are too few. */
export function looksLikeHttp(bytes: Buffer): boolean | null {
  const start = bytes.subarray(0, 5).toString('latin1');
  if (start.length < 5 && 'HTTP/'.startsWith(start)) return null;
  return start === 'HTTP/';
}

/** What has come of an HTTP response; `null` until its headers are whole. */
export function parseHttp(bytes: Buffer): HttpAnswer | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const [statusLine = '', ...headers] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = statusLine.replace(/^HTTP\/[\d.]+ */, '');
  const rest = bytes.subarray(end + HEAD_END.length);
  return { status, ok: /^2\d\d\b/.test(status), ...body(headers, rest) };
}

function body(headers: string[], rest: Buffer): Pick<HttpAnswer, 'body' | 'complete'> {
  if (/\bchunked\b/i.test(header(headers, 'transfer-encoding') ?? '')) return chunks(rest);
  const digits = header(headers, 'content-length') ?? '';
  if (!/^\d+$/.test(digits)) return { body: rest, complete: null };
  const length = Number(digits);
  return { body: rest.subarray(0, length), complete: rest.length >= length };
}

function header(headers: string[], name: string): string | undefined {
  const line = headers.find((each) => each.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

function chunks(rest: Buffer): Pick<HttpAnswer, 'body' | 'complete'> {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) break;
    const digits = /^[0-9a-f]+/i.exec(rest.subarray(at, lineEnd).toString('latin1'))?.[0] ?? '';
    const size = Number.parseInt(digits, 16);
    if (size === 0) return { body: Buffer.concat(parts), complete: true };
    const start = lineEnd + 2;
    if (Number.isNaN(size) || start + size + 2 > rest.length) break;
    parts.push(rest.subarray(start, start + size));
    at = start + size + 2;
  }
  return { body: Buffer.concat(parts), complete: false };
}
