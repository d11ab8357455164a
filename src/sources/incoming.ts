import { bodyOf, type HttpHead, looksLikeHttp, parseHead } from './http.ts';

/** Maximum size of HTTP headers in bytes; no server sends longer ones. */
export const MAX_HEAD_BYTES = 65_536;

/**
 * The bytes that a connection has received so far. The server is blocked until the exchange ends, so a new chunk does
 * not cause the whole response to be examined again.
 */
export class Incoming {
  length = 0;
  private readonly chunks: Buffer[] = [];
  private head: HttpHead | null = null;
  /** `null` until enough bytes have arrived to decide. */
  private http: boolean | null = null;

  get isHttp(): boolean {
    return this.http === true;
  }

  /** Whether the HTTP headers are too long. */
  get isEndless(): boolean {
    return this.isHttp && this.head === null && this.length > MAX_HEAD_BYTES;
  }

  /**
   * Adds a chunk.
   *
   * @returns whether the response is complete although the connection is still open; only HTTP can mark this
   */
  push(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.http === false) return false;
    if (this.head === null && !this.isEndless) {
      const bytes = this.bytes();
      this.http = looksLikeHttp(bytes);
      this.head = this.http ? parseHead(bytes) : null;
    }
    return this.head !== null && this.hasEnded(this.head);
  }

  /** All bytes received so far. */
  bytes(): Buffer {
    return Buffer.concat(this.chunks, this.length);
  }

  private hasEnded(head: HttpHead): boolean {
    if (head.ends === null) return false;
    if (head.ends !== 'chunks') return this.length >= head.bodyStart + head.ends;
    return this.endsWithBlankLine() && bodyOf(head, this.bytes()).complete === true;
  }

  /** The last chunk of a chunked body ends this way. It can itself arrive in pieces. */
  private endsWithBlankLine(): boolean {
    const ends = this.chunks.slice(-4).map((chunk) => chunk.subarray(-4));
    return Buffer.concat(ends).subarray(-4).toString('latin1') === '\r\n\r\n';
  }
}
