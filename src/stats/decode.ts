import { isUtf8 } from 'node:buffer';
import { appSnapshot } from './app.ts';
import { decodeBytes } from './bytes.ts';
import { emperorSnapshot } from './emperor.ts';
import { count, type Fields, fields, text } from './fields.ts';
import { CutOffError, repair } from './repair.ts';
import { routerSnapshot } from './router.ts';
import type { Server, Snapshot } from './snapshot.ts';
import { atOnce, type Steps } from './steps.ts';

/** The bytes are not a stats document, or not the whole of one. */
export class DecodeError extends Error {
  override name = 'DecodeError';
  /** The beginning of a document that may be whole next time. */
  readonly truncated: boolean;

  constructor(message: string, truncated = false) {
    super(message);
    this.truncated = truncated;
  }
}

/**
 * Objects and lists that a document can have, and entries of all of them together. 125,000 workers have fewer; many more
 * take gigabytes of memory once they are read.
 */
const MOST_OBJECTS = 1_000_000;
const MOST_ENTRIES = 8_000_000;

/** Bytes that are counted at a time: V8 takes twice as long for one loop over all of them. */
const PART = 65_536;

/** @throws DecodeError when more than that is in it. What looks like one in a string counts too. */
function checkCount(bytes: Uint8Array): void {
  if (bytes.length <= MOST_OBJECTS) return;
  const found = { objects: 0, entries: 0 };
  for (let at = 0; at < bytes.length; at += PART) addCount(bytes.subarray(at, at + PART), found);
  if (found.objects > MOST_OBJECTS)
    throw new DecodeError(`it has more than ${MOST_OBJECTS.toLocaleString('en')} objects and lists`);
  if (found.entries > MOST_ENTRIES)
    throw new DecodeError(`it has more than ${MOST_ENTRIES.toLocaleString('en')} values`);
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
 * Bytes as the server sent them (without HTTP's headers) → what they say.
 * The strict parser reads first; only what it refuses goes through the repairing one.
 *
 * @throws DecodeError when they are cut off, are not JSON of any kind, have more in them than any server writes, or are
 *   not of a uWSGI stats server.
 */
export function decode(bytes: Uint8Array): Snapshot {
  return atOnce(decoding(bytes));
}

/** The same in steps. */
export function* decoding(bytes: Uint8Array): Steps<Snapshot> {
  if (bytes.length === 0) throw new DecodeError('the document is empty');
  checkCount(bytes);
  yield;
  const strict = isUtf8(bytes);
  const text = strict ? asText(bytes) : decodeBytes(bytes);
  yield;
  const { document, repaired } = parse(text, strict);
  yield;
  return { server: server(document), repaired, ...body(document) };
}

function asText({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

/** @param strict whether it can be JSON, which is UTF-8 */
function parse(text: string, strict: boolean): { document: Fields; repaired: boolean } {
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
  // It has workers, too, under other names of fields.
  if (typeof document.schema === 'string' && document.schema.startsWith('statstop.'))
    throw new DecodeError('it is what statstop --json prints, and no document of a server');
  if (Array.isArray(document.workers)) return appSnapshot(document);
  if (Array.isArray(document.vassals)) return emperorSnapshot(document);
  if ('active_sessions' in document) return routerSnapshot(document);
  throw new DecodeError(
    'it is JSON, but not of a uWSGI stats server: there are no workers, vassals or sessions in it',
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
