import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecTarget } from '../targets/target.ts';
import { type Answer, answer, type ReadOptions, wallTimeOf } from './answer.ts';
import { lastLines } from './children/last-lines.ts';
import { type Ended, RunError, run } from './children/run.ts';
import { type TargetError, TooLargeError } from './errors.ts';
import { looksLikeHttp } from './http.ts';
import { BRACE, CLOSING_BRACE, isSpace, pushedDocuments } from './pushed.ts';
import {
  CommandFailedError,
  CommandNotFoundError,
  CommandNotRunError,
  CommandStuckError,
  CommandTimeoutError,
  NothingPrintedError,
} from './remote-errors.ts';
import { MAX_BYTES } from './stream.ts';

/** The end of the last run of each target. */
const RUNS = new WeakMap<ExecTarget, Promise<void>>();

/**
 * Runs the command of a target and returns the document that it printed. At most one run of a target exists at a time.
 *
 * @throws TargetError a class that names the cause
 */
export async function readExec(target: ExecTarget, options: ReadOptions): Promise<Answer> {
  const { text, program, args } = target;
  const { timeoutSeconds, signal, onBytes } = options;
  if (!(await isGone(target, timeoutSeconds))) throw new CommandStuckError(text);
  const { ended, gone } = run(program, args, { timeoutSeconds, maxBytes: MAX_BYTES, signal, onBytes });
  RUNS.set(target, gone);
  try {
    return answerOf(text, await ended);
  } catch (error) {
    throw error instanceof RunError ? failure(target, error, timeoutSeconds) : error;
  }
}

/** Waits for the end of the run before. A command that was ended needs a moment. */
async function isGone(target: ExecTarget, seconds: number): Promise<boolean> {
  const before = RUNS.get(target);
  if (!before) return true;
  const waiting = new AbortController();
  const late = sleep(seconds * 1000, false, { signal: waiting.signal }).catch(() => false);
  const gone = await Promise.race([before.then(() => true), late]);
  waiting.abort();
  return gone;
}

function answerOf(text: string, { status, signal, output, errors }: Ended): Answer {
  const message = lastLines(errors.bytes).at(-1) ?? null;
  if (status !== 0) throw new CommandFailedError(text, signal ?? `status ${status}`, message);
  const printed = [output, errors].find(({ bytes }) => hasDocument(bytes)) ?? output;
  if (printed.bytes.every(isSpace)) throw new NothingPrintedError(text, message);
  const { clock, clockError } = printed;
  const found = answer(text, printed.bytes, wallTimeOf(clock), clock);
  return { ...found, document: documentIn(found.document), clockError, origin: 'server' };
}

/** Whether the bytes may be a document, alone or between messages, or an HTTP response. */
function hasDocument(bytes: Buffer): boolean {
  if (looksLikeHttp(bytes)) return true;
  const [found] = pushedDocuments(bytes);
  return found !== undefined || bytes.find((byte) => !isSpace(byte)) === BRACE;
}

/** Returns the last document of an output, without the messages around it. */
function documentIn(bytes: Buffer): Buffer {
  const [last, other] = pushedDocuments(bytes);
  if (last === undefined) return bytes;
  const isAlone =
    other === undefined &&
    bytes.find((byte) => !isSpace(byte)) === BRACE &&
    bytes.findLast((byte) => !isSpace(byte)) === CLOSING_BRACE;
  return isAlone ? bytes : last;
}

function failure(
  { text, program }: ExecTarget,
  { code, errors, received }: RunError,
  timeoutSeconds: number,
): TargetError {
  switch (code) {
    case 'ENOENT':
      return new CommandNotFoundError(text, program);
    case 'TIMEOUT':
      return new CommandTimeoutError(text, timeoutSeconds, received, lastLines(errors).at(-1) ?? null);
    case 'TOO_LARGE':
      return new TooLargeError(text, MAX_BYTES, 'the command printed');
    default:
      return new CommandNotRunError(text, program, code);
  }
}
