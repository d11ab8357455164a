import { rare } from '../text/rare.ts';
import { RecordingError } from './error.ts';

const loneSurrogate = rare('\\p{Cs}');

/** Bytes that grow at the end. Integers are little-endian; sizes and counts are LEB128. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(64);
  length = 0;

  /** Removes all bytes and keeps the memory. */
  clear(): void {
    this.length = 0;
  }

  byte(value: number): void {
    if (this.length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.length++] = value;
  }

  /** @param value an integer from 0 to 2^53 - 1 */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = rest < 2 ** 31 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** @param value an integer with an absolute value below 2^52 */
  signed(value: number): void {
    this.unsigned(value >= 0 ? value * 2 : value * -2 - 1);
  }

  float(value: number): void {
    this.#grow(4);
    this.length = this.#bytes.writeFloatLE(value, this.length);
  }

  double(value: number): void {
    this.#grow(8);
    this.length = this.#bytes.writeDoubleLE(value, this.length);
  }

  /** Writes a text with its size. Lone surrogates, which stand for bytes that are not UTF-8, are preserved. */
  text(value: string): void {
    const encoding = loneSurrogate().test(value) ? 'utf16le' : 'utf8';
    const size = Buffer.byteLength(value, encoding);
    this.unsigned(size * 2 + (encoding === 'utf8' ? 0 : 1));
    this.#grow(size);
    this.length += this.#bytes.write(value, this.length, encoding);
  }

  bytes(value: Uint8Array): void {
    this.#grow(value.length);
    this.#bytes.set(value, this.length);
    this.length += value.length;
  }

  /** The bytes so far. They are valid until the next change. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(by: number): void {
    const size = this.length + by;
    if (size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(size, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote. Every method throws `RecordingError` if the bytes end too early. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw damaged();
    return value;
  }

  unsigned(): number {
    let value = this.byte();
    if (value < 0x80) return value;
    value -= 0x80;
    for (let factor = 0x80; ; factor *= 0x80) {
      const next = this.byte();
      value += (next & 0x7f) * factor;
      if (!Number.isSafeInteger(value)) throw damaged();
      if (next < 0x80) return value;
      if (factor > 2 ** 49) throw damaged();
    }
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float(): number {
    return this.#bytes.readFloatLE(this.#skip(4));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#skip(8));
  }

  text(): string {
    const size = this.unsigned();
    return this.#take(Math.floor(size / 2)).toString(size % 2 === 0 ? 'utf8' : 'utf16le');
  }

  bytes(size: number): Buffer {
    return this.#take(size);
  }

  #take(size: number): Buffer {
    const at = this.#skip(size);
    return this.#bytes.subarray(at, this.#at);
  }

  /** Skips some bytes, and returns the place of the first one. */
  #skip(size: number): number {
    if (size > this.left) throw damaged();
    this.#at += size;
    return this.#at - size;
  }
}

function damaged(): RecordingError {
  return new RecordingError('a value ends too early or is too large');
}
