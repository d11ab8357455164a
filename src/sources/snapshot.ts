import { DecodeError, decoding } from '../stats/decode.ts';
import { mistakenFor } from '../stats/mistaken.ts';
import type { Snapshot } from '../stats/snapshot.ts';
import { atOnce, type Steps } from '../stats/steps.ts';
import { MistakenError, NotStatsError, type TargetError, TruncatedError } from './errors.ts';
import { pushedDocuments } from './pushed.ts';
import type { Answer } from './read.ts';

/**
 * The snapshot of an answer; of a file with several documents, that of the last whole one.
 *
 * @throws TargetError when the target did not send a whole stats document
 */
export function snapshotOf(target: string, answer: Answer): Snapshot {
  return atOnce(snapshotSteps(target, answer));
}

/** The same in steps. */
export function* snapshotSteps(target: string, { document, protocol, origin }: Answer): Steps<Snapshot> {
  let failure: unknown;
  for (const each of origin === 'server' ? [document] : documentsIn(document)) {
    try {
      return yield* decoded(target, each, protocol === 'http');
    } catch (error) {
      failure ??= error;
    }
  }
  const mistaken = origin === 'server' ? null : mistakenFor(document);
  throw mistaken ? new MistakenError(target, mistaken) : failure;
}

/** What can be the document of a file. A single one is read as it is first, whatever it has at its beginning and end. */
function documentsIn(file: Buffer): readonly Buffer[] {
  const documents = [...firsts(pushedDocuments(file), MOST_TRIES)];
  return documents.length > 1 ? documents : [file, ...documents];
}

/** Documents of a file that are tried: only the last one can be under way. */
const MOST_TRIES = 3;

function* firsts<Each>(all: Iterable<Each>, most: number): Generator<Each> {
  let count = 0;
  for (const each of all) {
    if (count++ >= most) return;
    yield each;
  }
}

function* decoded(target: string, document: Uint8Array, http: boolean): Steps<Snapshot> {
  try {
    return yield* decoding(document);
  } catch (error) {
    throw error instanceof DecodeError ? notStats(target, error, http) : error;
  }
}

function notStats(target: string, { truncated, message }: DecodeError, http: boolean): TargetError {
  return truncated ? new TruncatedError(target, message) : new NotStatsError(target, message, http);
}
