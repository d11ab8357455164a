import { isAscii, isUtf8 } from 'node:buffer';
import { appSnapshot } from './app.ts';
import { decodeBytes } from './bytes.ts';
import { emperorSnapshot } from './emperor.ts';
import { count, type Fields, fields, text } from './fields.ts';
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

/**
 * Maximum number of objects and lists in a document, and of all their entries together. 125,000 workers have fewer.
 * Many more would take gigabytes of memory after parsing.
 */
const MOST_OBJECTS = 1_000_000;
const MOST_ENTRIES = 8_000_000;

/** Number of bytes to count at a time: V8 takes twice as long for one loop over all bytes. */
const PART = 65_536;

/**
 * Checks the number of objects and entries. Characters in strings count too.
 *
 * @throws DecodeError if a number exceeds its limit
 */
function checkCount(bytes: Uint8Array): void {
  // An object takes at least two bytes, and an entry takes at least one.
  if (bytes.length <= 2 * MOST_OBJECTS) return;
  const found = { objects: 0, entries: 0 };
  for (let at = 0; at < bytes.length; at += PART) addCount(bytes.subarray(at, at + PART), found);
  if (found.objects > MOST_OBJECTS)
    throw new DecodeError(
      `the document has more than ${MOST_OBJECTS.toLocaleString('en')} objects and lists`,
    );
  if (found.entries > MOST_ENTRIES)
    throw new DecodeError(`the document has more than ${MOST_ENTRIES.toLocaleString('en')} values`);
}

function addCount(part: Uint8Array, found: { objects: number; entries: number }): void {
  let objects = 0;
  let entries = 0;
  for (let at = 0; at < part.length; at += 1) {
    const byte = part[at];
    if (byte === COMMA) entries += 1;
    else if (byte === BRACE || byte === BRACKET) objects += 1;
  }
  found.objects += objects;
  found.entries += entries;
}

const COMMA = 0x2c;
const BRACE = 0x7b;
const BRACKET = 0x5b;

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
  checkCount(bytes);
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
 * @throws DecodeError if it is not from a uWSGI stats server
 */
export function snapshotOf({ document, repaired }: Parsed): Snapshot {
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
