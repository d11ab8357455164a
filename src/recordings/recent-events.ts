import { deserialize, serialize } from 'node:v8';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { DocumentEvent, SourceEvent } from '../sources/source.ts';
import { decode } from '../stats/decode.ts';

/** An event of a server. */
export interface OfServer {
  target: string;
  event: SourceEvent;
}

/** The event without its snapshot, which is decoded again. */
type Stored = { target: string } & Omit<DocumentEvent, 'snapshot' | 'parsed'>;

/** A stored event with the number of bytes of its document, which follow the events of a pack. */
type Packed = Omit<Stored, 'document'> & { bytes: number };

/** Documents that are compressed together: each call takes time, and small documents have much in common. */
const PACK_DOCUMENTS = 16;
const PACK_BYTES = 128 * 1024;

/** Estimated size of an event besides its document: its objects, and its points in the history. */
const EVENT_BYTES = 1024;

/** Estimated size of a failed read: its error, and the observations of its block. */
const FAILURE_BYTES = 4096;

/** The lowest quality of Brotli takes half of the time of the lowest level of deflate, for the same size. */
const FASTEST = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY } };

/** Size of the length at the beginning of a pack. */
const LENGTH_BYTES = 4;

/**
 * Memory for the bytes to compress, up to `MOST_SCRATCH`, which is used again. New memory makes V8 collect garbage about
 * twice as often.
 */
let scratch = Buffer.alloc(0);
const MOST_SCRATCH = 8 * 1024 * 1024;

/** Successive events in memory. Their documents are compressed. */
export class RecentEvents implements Iterable<OfServer> {
  /** Packs of documents, and failures. */
  readonly #parts: (Uint8Array | OfServer)[] = [];
  /** Documents that are not compressed yet. */
  #loose: Stored[] = [];
  #looseBytes = 0;
  #length = 0;
  #bytes = 0;

  /** Number of events. */
  get length(): number {
    return this.#length;
  }

  /** Estimated number of bytes in use. */
  get bytes(): number {
    return this.#bytes;
  }

  add(target: string, event: SourceEvent): void {
    this.#length += 1;
    if (event.kind === 'document') {
      const { snapshot: _, parsed: __, ...stored } = event;
      const { length } = event.document;
      this.#bytes += EVENT_BYTES + length;
      this.#loose.push({ target, ...stored });
      this.#looseBytes += length;
      if (this.#loose.length >= PACK_DOCUMENTS || this.#looseBytes >= PACK_BYTES) this.end();
    } else {
      this.end();
      this.#bytes += FAILURE_BYTES;
      this.#parts.push({ target, event });
    }
  }

  /** The events in their order, also those that are added in between. */
  *[Symbol.iterator](): Generator<OfServer> {
    let part = 0;
    // Number of loose events that were given. When they are packed, they are the first ones of the next part.
    let given = 0;
    for (;;) {
      const [next, loose] = [this.#parts[part], this.#loose[given]];
      if (next !== undefined) {
        if (next instanceof Uint8Array) yield* unpacked(next, given);
        else yield next;
        part += 1;
        given = 0;
      } else if (loose !== undefined) {
        given += 1;
        yield decoded(loose);
      } else return;
    }
  }

  /** Compresses what is not compressed yet. No event needs to follow. */
  end(): void {
    if (this.#loose.length === 0) return;
    const packed = pack(this.#loose);
    this.#parts.push(packed);
    this.#bytes += packed.length - this.#looseBytes;
    this.#loose = [];
    this.#looseBytes = 0;
  }
}

/** The events with all bytes of their documents: the length of the events as 32 bits, the events, the documents. */
function pack(all: readonly Stored[]): Uint8Array {
  const events = serialize(
    all.map(({ document, ...event }): Packed => ({ ...event, bytes: document.length })),
  );
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(events.length);
  const bytes = joined([length, events, ...all.map(({ document }) => document)]);
  // A copy: zlib returns a part of a larger buffer, of which nothing else is used.
  return new Uint8Array(brotliCompressSync(bytes, FASTEST));
}

/** @param from index of the first event to return */
function* unpacked(pack: Uint8Array, from: number): Generator<OfServer> {
  const bytes = brotliDecompressSync(pack);
  let at = LENGTH_BYTES + bytes.readUInt32LE();
  const all = deserialize(bytes.subarray(LENGTH_BYTES, at)) as Packed[];
  for (const [place, { bytes: length, ...event }] of all.entries()) {
    const document = bytes.subarray(at, at + length);
    at += length;
    if (place >= from) yield decoded({ ...event, document });
  }
}

/** Joins buffers. The result is valid until the next call. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > MOST_SCRATCH) return Buffer.concat(parts, length);
  if (scratch.length < length) scratch = Buffer.allocUnsafeSlow(length + (length >> 3));
  let at = 0;
  for (const part of parts) {
    scratch.set(part, at);
    at += part.length;
  }
  return scratch.subarray(0, length);
}

function decoded({ target, ...event }: Stored): OfServer {
  return { target, event: { ...event, snapshot: decode(event.document) } };
}
