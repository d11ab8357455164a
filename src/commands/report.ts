import { CommanderError } from 'commander';
import { TargetError, TargetErrors } from '../sources/errors.ts';
import { clean } from '../text/clean.ts';
import { messageOf } from '../text/reason.ts';
import { createMask } from '../text/secrets.ts';
import { statusOf } from './exit-status.ts';
import { VariableError } from './usage-error.ts';

/** An error as a line, with its exit status. */
interface Failure {
  message: string;
  status: 1 | 2;
}

/** Writes the lines of an error to standard error and sets the exit status. */
export function report(error: unknown): void {
  fail(failuresOf(error));
}

/** @param prefix names the source of the error */
function failuresOf(error: unknown, prefix = ''): Failure[] {
  if (error instanceof VariableError) return failuresOf(error.cause, `${error.variable}: `);
  if (error instanceof TargetErrors) return error.errors.flatMap((each) => failuresOf(each, prefix));
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    return [{ message: `${prefix}${message} (statstop --help lists all options)`, status: 2 }];
  }
  const status = statusOf(error);
  const message =
    error instanceof TargetError
      ? error.message.replace(error.cause, (cause) => createMask().text(cause))
      : messageOf(error);
  return [
    { message: `${status === undefined ? 'internal error: ' : prefix}${message}`, status: status ?? 1 },
  ];
}

/** Writes the messages and sets the exit status, which is the highest one. */
export function fail(failures: readonly Failure[]): void {
  process.exitCode = Math.max(...failures.map(({ status }) => status));
  warn(failures.map(({ message }) => message));
}

/** Writes the lines of an error that does not end the command. */
export function warnOf(error: unknown): void {
  warn(failuresOf(error).map(({ message }) => message));
}

/** Number of characters of the progress on the terminal. */
let progressShown = 0;

/**
 * Replaces the line on standard error that shows the progress, if it is a terminal. Blanks erase the previous text, which
 * every terminal can do.
 *
 * @param text is cut to the width of the terminal; an empty text removes the line
 */
export function showProgress(text: string): void {
  const { stderr } = process;
  if (!stderr.isTTY || (text === '' && progressShown === 0)) return;
  const shown = clean(text).slice(0, Math.max(0, (stderr.columns || 80) - 1));
  stderr.write(`\r${shown.padEnd(progressShown)}${text === '' ? '\r' : ''}`);
  progressShown = shown.length;
}

/**
 * The only function that writes messages to standard error. It cleans them, because they can contain text of an argument,
 * a file or a server.
 */
export function warn(messages: readonly string[]): void {
  // If the messages cannot be written, the exit status still reports the error.
  process.stderr.once('error', () => {});
  process.stderr.write(messages.map((message) => `statstop: ${clean(message)}\n`).join(''));
}
