import { deflateSync, inflateSync } from 'node:zlib';
import { RecordingError } from './error.ts';

/** The window of deflate (RFC 1951): how many bytes back it finds repetitions. */
const WINDOW = 32_768;

/** Maximum size of a part after decompression, in bytes. */
const MOST_INFLATED = 128 * 2 ** 20;

/**
 * Compresses successive parts. Each one is a complete zlib stream (RFC 1950) with its checksum, and uses the bytes
 * before it as its dictionary. So each part can be read as soon as it is written.
 */
export class Packer {
  #before: Uint8Array = new Uint8Array();

  pack(bytes: Uint8Array): Buffer {
    const packed = deflateSync(bytes, this.#before.length > 0 ? { dictionary: this.#before } : {});
    this.#before = windowAfter(this.#before, bytes);
    return packed;
  }
}

/** Decompresses what `Packer` wrote. */
export class Unpacker {
  #before: Uint8Array = new Uint8Array();

  /** @throws RecordingError if the bytes are damaged, too large, or do not follow the part before */
  unpack(packed: Uint8Array): Buffer {
    const bytes = inflated(packed, this.#before);
    this.#before = windowAfter(this.#before, bytes);
    return bytes;
  }
}

function inflated(packed: Uint8Array, dictionary: Uint8Array): Buffer {
  try {
    return inflateSync(packed, {
      maxOutputLength: MOST_INFLATED,
      ...(dictionary.length > 0 ? { dictionary } : {}),
    });
  } catch {
    throw new RecordingError('compressed data are damaged or too large');
  }
}

function windowAfter(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (bytes.length >= WINDOW) return Uint8Array.from(bytes.subarray(-WINDOW));
  return Buffer.concat([before.subarray(-(WINDOW - bytes.length)), bytes]);
}
