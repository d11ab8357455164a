/**
 * The parts of an HTTP response (RFC 9112) that are needed to extract the document. uWSGI sends `HTTP/1.0 200 OK` and
 * the document up to the close. A proxy in front of uWSGI may send a length or chunks.
 */
export interface HttpHead {
  /** Such as `404 Not Found`. */
  status: string;
  ok: boolean;
  /** Offset of the body in bytes. */
  bodyStart: number;
  /** How the body ends: after this number of bytes, with an empty chunk, or (`null`) when the connection closes. */
  ends: number | 'chunks' | null;
}

export interface HttpBody {
  body: Buffer;
  /** Whether the whole body has arrived; `null` if only the close of the connection marks its end. */
  complete: boolean | null;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Whether a response is HTTP; `null` while there are too few bytes to decide. */
export function looksLikeHttp(bytes: Buffer): boolean | null {
  const start = bytes.subarray(0, 5).toString('latin1');
  if (start.length < 5 && 'HTTP/'.startsWith(start)) return null;
  return start === 'HTTP/';
}

/** Parses the status and headers of an HTTP response; `null` until all headers have arrived. */
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

/** Returns the part of the body that has arrived. */
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
