import { isAscii, isUtf8 } from 'node:buffer';
import { appSnapshot } from './app.ts';
import { decodeBytes } from './bytes.ts';
import { emperorSnapshot } from './emperor.ts';
import { count, type Fields, fields, text } from './fields.ts';
import { excessIn, excessOf } from './limits.ts';
import { CutOffError, repair } from './repair.ts';
import { routerSnapshot } from './router.ts';
import type { Server, Snapshot } from './snapshot.ts';
import { atOnce, type Steps } from './steps.ts';

/** The bytes are not a complete stats document. */
export class DecodeError extends Error {
  override name = 'DecodeError';
  /** Whether the document is truncated. The next read may return a complete one. */
  readonly truncated: boolean;

  constructor(message: string, truncated = false) {
    super(message);
    this.truncated = truncated;
  }
}

/** @throws DecodeError with the limit that was exceeded, if there is one */
function refuse(exceeded: string | null): void {
  if (exceeded !== null) throw new DecodeError(`the document has ${exceeded}`);
}

/**
 * Decodes the bytes that a server sent, without HTTP headers. The strict parser runs first. The repairing parser reads
 * only what the strict parser rejects.
 *
 * @throws DecodeError if the bytes are truncated, are not JSON of any kind, exceed the limits, or are not from a uWSGI
 *   stats server
 */
export function decode(bytes: Uint8Array): Snapshot {
  return atOnce(decoding(bytes));
}

/**
 * Does the same as `decode`, in steps.
 *
 * @param keep is called with the JSON of the document
 */
export function* decoding(bytes: Uint8Array, keep?: (parsed: Parsed) => void): Steps<Snapshot> {
  if (bytes.length === 0) throw new DecodeError('the document is empty');
  refuse(excessIn(bytes));
  yield;
  const strict = isUtf8(bytes);
  const text = strict ? asText(bytes) : decodeBytes(bytes);
  yield;
  const parsed = parse(text, strict);
  yield;
  const snapshot = snapshotOf(parsed);
  keep?.(parsed);
  return snapshot;
}

/** The JSON of a document. */
export interface Parsed {
  document: Fields;
  /** Whether the repairing parser read it. */
  repaired: boolean;
}

/**
 * Returns the JSON of a document that was decoded before.
 *
 * @throws DecodeError
 */
export function parsedDocument(bytes: Uint8Array): Parsed {
  const strict = isUtf8(bytes);
  return parse(strict ? asText(bytes) : decodeBytes(bytes), strict);
}

/**
 * Returns the typed content of a parsed document.
 *
 * @throws DecodeError if it exceeds the limits, or is not from a uWSGI stats server
 */
export function snapshotOf({ document, repaired }: Parsed): Snapshot {
  refuse(excessOf(document));
  return { server: server(document), repaired, ...body(document) };
}

function asText({ buffer, byteOffset, byteLength }: Uint8Array): string {
  const shared = Buffer.from(buffer, byteOffset, byteLength);
  // For ASCII, both encodings give the same text, and V8 takes twice as long for UTF-8.
  return shared.toString(isAscii(shared) ? 'latin1' : 'utf8');
}

/** @param strict whether the text can be JSON, which must be UTF-8 */
function parse(text: string, strict: boolean): Parsed {
  if (!strict) return { document: repaired(text), repaired: true };
  try {
    return { document: fields(JSON.parse(text)), repaired: false };
  } catch {
    return { document: repaired(text), repaired: true };
  }
}

function repaired(text: string): Fields {
  try {
    return repair(text);
  } catch (error) {
    throw new DecodeError(
      error instanceof Error ? error.message : String(error),
      error instanceof CutOffError,
    );
  }
}

function body(document: Fields) {
  // This output also has `workers`, with other field names.
  if (typeof document.schema === 'string' && document.schema.startsWith('statstop.'))
    throw new DecodeError('this is JSON printed by statstop, not a document of a server');
  if (Array.isArray(document.workers)) return appSnapshot(document);
  if (Array.isArray(document.vassals)) return emperorSnapshot(document);
  if ('active_sessions' in document) return routerSnapshot(document);
  throw new DecodeError(
    'this is JSON but not from a uWSGI stats server: it has no workers, vassals or sessions',
  );
}

function server(document: Fields): Server {
  return {
    version: text(document.version),
    pid: count(document.pid),
    uid: count(document.uid),
    gid: count(document.gid),
    cwd: text(document.cwd),
  };
}
