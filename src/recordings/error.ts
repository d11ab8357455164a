import { reasonOf } from '../text/reason.ts';
import { maskTarget } from '../text/secrets/target.ts';

/** A part of a recording cannot be read: it is damaged, cut off, or not from statstop. */
export class RecordingError extends Error {
  override name = 'RecordingError';
}

/** Returns the error of a recording, with its path. */
export function errorAt(path: string, error: unknown): RecordingError {
  return new RecordingError(`${maskTarget(path)}: ${reasonOf(error)}`);
}
