/**
 * Just enough of an HTTP response (RFC 9112) to take the document out of it: uWSGI's own is `HTTP/1.0 200 OK` with
 * the document up to the close, a proxy in front of it may give a length or chunks.
 */
export interface HttpHead {
  /** As in `404 Not Found`. */
  status: string;
  ok: boolean;
  /** Where the body begins. */
  bodyStart: number;
  /** How it ends: after so many bytes, with an empty chunk, or (`null`) when the connection closes. */
  ends: number | 'chunks' | null;
}

export interface HttpBody {
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

/** The status and headers of an HTTP response; `null` until they are whole. */
export function parseHead(bytes: Buffer): HttpHead | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const [statusLine = '', ...headers] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = statusLine.replace(/^HTTP\/[\d.]+ */, '');
  return { status, ok: /^2\d\d\b/.test(status), bodyStart: end + HEAD_END.length, ends: endOf(headers) };
}

function endOf(headers: string[]): HttpHead['ends'] {
  if (/\bchunked\b/i.test(header(headers, 'transfer-encoding') ?? '')) return 'chunks';
  const digits = header(headers, 'content-length') ?? '';
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

function header(headers: string[], name: string): string | undefined {
  const line = headers.find((each) => each.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

/** What has come of the body. */
export function bodyOf({ bodyStart, ends }: HttpHead, bytes: Buffer): HttpBody {
  const rest = bytes.subarray(bodyStart);
  if (ends === 'chunks') return joined(rest);
  if (ends === null) return { body: rest, complete: null };
  return { body: rest.subarray(0, ends), complete: rest.length >= ends };
}

function joined(rest: Buffer): HttpBody {
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
