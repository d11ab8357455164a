import type { Random } from '../../src/demo/random.ts';
import { oneOf, randomBytes } from './choose.ts';

/** A response on the wire, and the document that a client must receive if the server sends all of it and closes. */
export interface Framed {
  bytes: Buffer;
  /** `null` if the result is undefined because the framing itself is broken. */
  document: Buffer | null;
}

const CRLF = '\r\n';

/** Frames a document: raw, or in one of the framings of HTTP, which may be broken. */
export function framed(document: Buffer, random: Random): Framed {
  const [head, body] = oneOf(random, FRAMINGS)(document, random);
  if (head === '') return { bytes: document, document: startsAsHttp(document) ? null : document };
  const whole = Buffer.concat([Buffer.from(head, 'latin1'), body]);
  // An empty document does not count as a response.
  if (random.chance(0.5) && document.length > 0) return { bytes: whole, document };
  return { bytes: broken(whole, head.length, random), document: null };
}

type Framing = (document: Buffer, random: Random) => readonly [head: string, body: Buffer];

const FRAMINGS: readonly Framing[] = [
  (document) => ['', document],
  (document) => [headOf([]), document],
  (document) => [headOf([`Content-Length: ${document.length}`]), document],
  (document, random) => [headOf(['Transfer-Encoding: chunked']), chunked(document, random)],
];

function headOf(headers: readonly string[]): string {
  return ['HTTP/1.1 200 OK', 'Content-Type: application/json', ...headers, '', ''].join(CRLF);
}

function chunked(document: Buffer, random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < document.length; ) {
    const piece = document.subarray(at, at + random.integer(1, 3000));
    parts.push(Buffer.from(`${piece.length.toString(16)}${CRLF}`), piece, Buffer.from(CRLF));
    at += piece.length;
  }
  return Buffer.concat([...parts, Buffer.from(`0${CRLF}${CRLF}`)]);
}

function startsAsHttp(document: Buffer): boolean {
  const start = document.subarray(0, 5).toString('latin1');
  return 'HTTP/'.startsWith(start);
}

/** Faults in the header or the sizes. */
const WRONG: readonly ((text: string, head: number, random: Random) => string)[] = [
  (text, head, random) => {
    const at = random.integer(0, head);
    return text.slice(0, at) + randomBytes(random, 3) + text.slice(at + random.integer(0, 4));
  },
  (text) => text.replace(/(Content-Length: )\d+/, '$199999999999999999999'),
  (text, _, random) =>
    text.replace(/(Content-Length: )\d+/, `$1${oneOf(random, ['0', '-5', '1e3', '5, 6', '', '7'])}`),
  (text) => text.replace(/(chunked\r\n\r\n)[0-9a-f]+/, '$1ffffffffffffffff'),
  (text, _, random) =>
    text.replace(/(chunked\r\n\r\n)[0-9a-f]+/, `$1${oneOf(random, ['', '-1', 'zz', '0', '5;x=1'])}`),
  (text) => text.replace('200 OK', '404 Not Found'),
  (text) => text.replace('200 OK', ''),
  (text, head) => text.slice(0, head - 2),
  (text, head, random) => text.slice(0, random.integer(1, head)),
  (text) => text.replace(CRLF, `${CRLF}X: ${'y'.repeat(100_000)}${CRLF}`),
  (text) => text.replaceAll(CRLF, '\n'),
];

function broken(whole: Buffer, head: number, random: Random): Buffer {
  return Buffer.from(oneOf(random, WRONG)(whole.toString('latin1'), head, random), 'latin1');
}
