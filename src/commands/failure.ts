import { NotStatsError, type TargetError, TruncatedError } from '../client/errors.ts';
import type { Answer } from '../client/read.ts';
import { DecodeError, decode } from '../stats/decode.ts';
import type { Snapshot } from '../stats/snapshot.ts';

/** The command line asks for something that cannot be: exit status 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/**
 * The snapshot of an answer.
 *
 * @throws TargetError when the target did not send a whole stats document
 */
export function snapshotOf(target: string, { document, protocol }: Answer): Snapshot {
  try {
    return decode(document);
  } catch (error) {
    throw error instanceof DecodeError ? notStats(target, error, protocol === 'http') : error;
  }
}

function notStats(target: string, { truncated, message }: DecodeError, http: boolean): TargetError {
  return truncated ? new TruncatedError(target, message) : new NotStatsError(target, message, http);
}
