import { bodyOf, type HttpHead, looksLikeHttp, parseHead } from './http.ts';

/** Maximum size of HTTP headers in bytes; no server sends longer ones. */
const MAX_HEAD_BYTES = 65_536;

/** Size of the first memory if nothing is known about the response, and the least room for the next bytes. */
const FIRST_ROOM = 65_536;
const LEAST_ROOM = 4096;

/** Memory is given back if it is larger than the response by this factor. */
const WASTE = 1.25;

/**
 * The bytes that a connection has received so far, in one buffer. Chunks with memory of their own would make V8 collect
 * garbage about twice as often. The server is blocked until the exchange ends, so new bytes do not cause the whole
 * response to be examined again.
 */
export class Incoming {
  length = 0;
  private memory: Buffer;
  private head: HttpHead | null = null;
  /** `null` until enough bytes have arrived to decide. */
  private http: boolean | null = null;

  /** @param expected likely number of bytes, such as that of the previous response; 0 if unknown */
  constructor(expected: number) {
    // A little more, so that a response of about this size needs no larger memory.
    const likely = expected + (expected >> 4) + 2 * LEAST_ROOM;
    this.memory = Buffer.allocUnsafeSlow(expected === 0 ? FIRST_ROOM : likely);
  }

  get isHttp(): boolean {
    return this.http === true;
  }

  /** Whether the HTTP headers are too long. */
  get isEndless(): boolean {
    return this.isHttp && this.head === null && this.length > MAX_HEAD_BYTES;
  }

  /** The memory for the next bytes. `add` must follow when bytes were written to its start. */
  room(): Buffer {
    if (this.memory.length - this.length < LEAST_ROOM) {
      const larger = Buffer.allocUnsafeSlow(2 * this.memory.length);
      this.memory.copy(larger, 0, 0, this.length);
      this.memory = larger;
    }
    return this.memory.subarray(this.length);
  }

  /**
   * Adds the bytes that were written to the room.
   *
   * @returns whether the response is complete although the connection is still open; only HTTP can mark this
   */
  add(count: number): boolean {
    this.length += count;
    if (this.http === false) return false;
    if (this.head === null && !this.isEndless) {
      const { received } = this;
      this.http = looksLikeHttp(received);
      this.head = this.http ? parseHead(received) : null;
    }
    return this.head !== null && this.hasEnded(this.head);
  }

  /** All bytes of the response, when it has ended. */
  bytes(): Buffer {
    const { received } = this;
    return this.memory.length > WASTE * received.length ? Buffer.from(received) : received;
  }

  private get received(): Buffer {
    return this.memory.subarray(0, this.length);
  }

  private hasEnded(head: HttpHead): boolean {
    if (head.ends === null) return false;
    if (head.ends !== 'chunks') return this.length >= head.bodyStart + head.ends;
    return this.endsWithBlankLine() && bodyOf(head, this.received).complete === true;
  }

  /** The last chunk of a chunked body ends this way. */
  private endsWithBlankLine(): boolean {
    return this.received.subarray(-4).toString('latin1') === '\r\n\r\n';
  }
}
