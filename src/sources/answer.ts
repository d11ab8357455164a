import type { Protocol } from '../targets/target.ts';
import { plural } from '../text/words.ts';
import { EmptyError, HttpStatusError, NotStatsError, TruncatedError } from './errors.ts';
import { bodyOf, looksLikeHttp, parseHead } from './http.ts';
import { type Origin, SYSTEM_CLOCK } from './source.ts';

/** One document and the time of the read. */
export interface Answer {
  /** The document as the server sent it, without HTTP headers. */
  document: Buffer;
  /** All bytes that the server sent, including HTTP headers. */
  bytes: Buffer;
  /** Unix seconds: when the document arrived, or when its file was last changed. */
  time: number;
  /** Monotonic seconds: when the first byte arrived; for a file or a pipe, when the read ended. */
  clock: number;
  /** Largest possible error of both times in seconds: see `Exchange`. */
  clockError: number;
  origin: Origin;
  /** The protocol of the server; pass it to the next read of this target. `null` for a file or a pipe. */
  protocol: Protocol | null;
}

/** How to read a target once. */
export interface ReadOptions {
  timeoutSeconds: number;
  /** The protocol that an earlier read found. */
  protocol?: Protocol | null | undefined;
  /** The number of bytes that an earlier read received, to allocate memory for them at once. */
  expectedBytes?: number;
  signal?: AbortSignal | undefined;
  onBytes?: (() => void) | undefined;
}

/** The times of the wall clock and of the monotonic clock, in seconds. */
export function now(): [time: number, clock: number] {
  return [SYSTEM_CLOCK.wall(), SYSTEM_CLOCK.monotonic()];
}

/** The time of the wall clock, in Unix seconds, at a recent time of the monotonic clock. */
export function wallTimeOf(clock: number): number {
  const [wall, monotonic] = now();
  return wall - (monotonic - clock);
}

/**
 * Returns the answer of a target that sent these bytes. They may be an HTTP response.
 *
 * @param text the name of the target
 * @throws TargetError if the bytes contain no document
 */
export function answer(text: string, bytes: Buffer, time: number, clock: number): Answer {
  const common = { bytes, time, clock, clockError: 0, protocol: null, origin: 'file' as const };
  if (bytes.length === 0) throw new EmptyError(text);
  if (!looksLikeHttp(bytes)) return { ...common, document: bytes };
  const cutOff = () =>
    new TruncatedError(text, `the HTTP response is cut off after ${plural(bytes.length, 'byte')}`);
  const head = parseHead(bytes);
  if (head === null) throw cutOff();
  if (!head.ok) throw new HttpStatusError(text, head.status);
  const { body, complete } = bodyOf(head, bytes);
  if (complete === false) throw cutOff();
  if (body.length === 0) throw new NotStatsError(text, 'the HTTP response has no document', true);
  return { ...common, document: body };
}
