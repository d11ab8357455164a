import { bodyOf, type HttpHead, looksLikeHttp, parseHead } from './http.ts';

/** Longer than the headers of any server. */
export const MAX_HEAD_BYTES = 65_536;

/**
 * What has come over a connection so far. The server is held while it is looked at, so nothing of a long answer that
 * comes in many pieces is looked at again with each piece.
 */
export class Incoming {
  length = 0;
  private readonly chunks: Buffer[] = [];
  private head: HttpHead | null = null;
  /** `null` until its first bytes tell. */
  private http: boolean | null = null;

  get isHttp(): boolean {
    return this.http === true;
  }

  /** HTTP headers that do not end. */
  get isEndless(): boolean {
    return this.isHttp && this.head === null && this.length > MAX_HEAD_BYTES;
  }

  /** All of it has come, although the connection is not closed yet: an HTTP response can say how it ends. */
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

  /** All that has come. */
  bytes(): Buffer {
    return Buffer.concat(this.chunks, this.length);
  }

  private hasEnded(head: HttpHead): boolean {
    if (head.ends === null) return false;
    if (head.ends !== 'chunks') return this.length >= head.bodyStart + head.ends;
    return this.endsWithBlankLine() && bodyOf(head, this.bytes()).complete === true;
  }

  /** As the last chunk does; it can come in pieces itself. */
  private endsWithBlankLine(): boolean {
    const ends = this.chunks.slice(-4).map((chunk) => chunk.subarray(-4));
    return Buffer.concat(ends).subarray(-4).toString('latin1') === '\r\n\r\n';
  }
}
