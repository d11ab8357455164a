import { DecodeError, decoding, type Parsed } from '../stats/decode.ts';
import { mistakenFor } from '../stats/mistaken.ts';
import type { Snapshot } from '../stats/snapshot.ts';
import { atOnce, type Steps } from '../stats/steps.ts';
import type { Answer } from './answer.ts';
import { MistakenError, NotStatsError, type TargetError, TruncatedError } from './errors.ts';
import { pushedDocuments } from './pushed.ts';

/**
 * Returns the snapshot of a response. For a file with several documents, it is the snapshot of the last complete
 * document.
 *
 * @throws TargetError if the target did not send a complete stats document
 */
export function snapshotOf(target: string, answer: Answer): Snapshot {
  return atOnce(snapshotSteps(target, answer));
}

/**
 * Does the same as `snapshotOf`, in steps.
 *
 * @param keep is called with the JSON of the document
 */
export function* snapshotSteps(
  target: string,
  { document, protocol, origin }: Answer,
  keep?: (parsed: Parsed) => void,
): Steps<Snapshot> {
  let failure: unknown;
  for (const each of origin === 'server' ? [document] : documentsIn(document)) {
    try {
      return yield* decoded(target, each, protocol === 'http', keep);
    } catch (error) {
      failure ??= error;
    }
  }
  const mistaken = origin === 'server' ? null : mistakenFor(document);
  throw mistaken ? new MistakenError(target, mistaken) : failure;
}

/**
 * Returns the candidates for the document of a file. If there is only one document, the whole file is tried first,
 * regardless of the text around the document.
 */
function documentsIn(file: Buffer): readonly Buffer[] {
  const documents = [...firsts(pushedDocuments(file), MOST_TRIES)];
  return documents.length > 1 ? documents : [file, ...documents];
}

/** Number of documents of a file to try. Only the last document can be incomplete, because it is being written. */
const MOST_TRIES = 3;

function* firsts<Each>(all: Iterable<Each>, most: number): Generator<Each> {
  let count = 0;
  for (const each of all) {
    if (count++ >= most) return;
    yield each;
  }
}

function* decoded(
  target: string,
  document: Uint8Array,
  http: boolean,
  keep?: (parsed: Parsed) => void,
): Steps<Snapshot> {
  try {
    return yield* decoding(document, keep);
  } catch (error) {
    throw error instanceof DecodeError ? notStats(target, error, http) : error;
  }
}

function notStats(target: string, { truncated, message }: DecodeError, http: boolean): TargetError {
  return truncated ? new TruncatedError(target, message) : new NotStatsError(target, message, http);
}
