import { RecordingError } from './error.ts';

/** The first bytes of a file. The number is the version of the format. */
export const MAGIC = Buffer.from('statstop recording 1\n');

/** Kinds of frames, by the letter in their header. docs/recordings.md describes them. */
const KINDS = {
  block: 'B',
  servers: 'S',
  past: 'P',
  checkpoint: 'C',
  document: 'D',
  failure: 'F',
  digest: 'G',
  index: 'I',
  end: 'E',
} as const;
export type Kind = keyof typeof KINDS;

const BY_LETTER: ReadonlyMap<string, Kind> = new Map(
  Object.entries(KINDS).map(([kind, letter]) => [letter, kind as Kind]),
);

const MARK = 'stf';

/** Size of the header of a frame in bytes. */
export const HEADER = 20;

/** Maximum size of the content of a frame, in bytes. A document has at most 64 MiB before it is compressed. */
const MOST_CONTENT = 128 * 2 ** 20;

/** What the header of a frame says. */
export interface FrameHead {
  kind: Kind;
  /** Size of the content in bytes. */
  size: number;
  /** Number of the server (`RecordedServer`); 0 for frames of no server. */
  server: number;
  /** Unix seconds. */
  time: number;
}

/** Returns a frame: header and content. */
export function frame(kind: Kind, server: number, time: number, content: Uint8Array): Buffer {
  if (content.length > MOST_CONTENT) throw new RecordingError('a document is too large to be recorded');
  const bytes = Buffer.allocUnsafe(HEADER + content.length);
  bytes.write(`${MARK}${KINDS[kind]}`, 0, 'latin1');
  bytes.writeUInt32LE(content.length, 4);
  bytes.writeUInt32LE(server, 8);
  bytes.writeDoubleLE(time, 12);
  bytes.set(content, HEADER);
  return bytes;
}

/** Reads the header of a frame; `null` if there is none at the beginning of these bytes. */
function frameHead(bytes: Buffer): FrameHead | null {
  if (bytes.length < HEADER || bytes.toString('latin1', 0, MARK.length) !== MARK) return null;
  const kind = BY_LETTER.get(bytes.toString('latin1', MARK.length, MARK.length + 1));
  const size = bytes.readUInt32LE(4);
  const time = bytes.readDoubleLE(12);
  if (kind === undefined || size > MOST_CONTENT || !Number.isFinite(time)) return null;
  return { kind, size, server: bytes.readUInt32LE(8), time };
}

/** The bytes with which each block begins, to find the next block after a damaged part. */
export const BLOCK_MARK = Buffer.from(`${MARK}${KINDS.block}`, 'latin1');

/** Bytes that can be read at any place: a file or memory. */
export interface Store {
  readonly size: number;
  /** Returns fewer bytes at the end. @throws RecordingError if the file cannot be read */
  read(at: number, length: number): Buffer;
}

/** A frame and its place. */
export interface Frame extends FrameHead {
  at: number;
  /** The place after it. */
  end: number;
}

/** Returns the frame at a place; `null` if none is complete there. */
export function frameAt(store: Store, at: number): Frame | null {
  const head = frameHead(store.read(at, HEADER));
  const end = at + HEADER + (head?.size ?? 0);
  return head === null || end > store.size ? null : { ...head, at, end };
}

/** Returns the content of a frame. */
export function contentOf(store: Store, { at, size }: Frame): Buffer {
  const content = store.read(at + HEADER, size);
  if (content.length < size) throw new RecordingError('the file has become shorter');
  return content;
}
