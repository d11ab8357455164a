import { fstatSync } from 'node:fs';
import { unblocked } from '../terminal/unblocked.ts';
import { messageOf } from '../text/reason.ts';
import { OutputError, outputError, STDOUT, write } from './output.ts';
import type { Send } from './rows.ts';

/**
 * Returns a function that writes to standard output without blocking this process, if the output is a pipe or a terminal.
 * Writes to a file are synchronous.
 *
 * @throws OutputError from the function
 */
export function sendingToStdout(): Send {
  if (!isStream()) return (text) => write(text).then(() => true);
  const stream = process.stdout.isTTY ? unblocked(process.stdout) : process.stdout;
  // Each write reports its own error.
  stream.on('error', () => {});
  return (text) =>
    new Promise((resolve, reject) => {
      stream.write(text, (error?: NodeJS.ErrnoException | null) => {
        if (!error) resolve(true);
        else if (error.code === 'EPIPE') resolve(false);
        else reject(outputError(error));
      });
    });
}

function isStream(): boolean {
  try {
    const stats = fstatSync(STDOUT);
    return stats.isFIFO() || stats.isSocket() || process.stdout.isTTY;
  } catch (error) {
    throw new OutputError(`standard output is closed: ${messageOf(error)}`);
  }
}
