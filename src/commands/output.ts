import { writeSync } from 'node:fs';
import { reasonOf } from '../text/reason.ts';

/** The output could not be written completely. */
export class OutputError extends Error {
  override name = 'OutputError';
}

/** The file descriptor of standard output. `process.stdout` would load the modules of streams and sockets. */
export const STDOUT = 1;

/**
 * Writes to standard output, including the last byte. If the reader closes the pipe early (`| head`), the write ends
 * without an error.
 *
 * @throws OutputError
 */
export async function write(content: string | Uint8Array): Promise<void> {
  let rest = typeof content === 'string' ? Buffer.from(content) : content;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') await writeToStream(rest);
    else if (code !== 'EPIPE') throw outputError(error);
  }
}

/**
 * Returns the composed output.
 *
 * @throws OutputError if the output is longer than a string can be in Node.js (512 MiB)
 */
export function composed(compose: () => string): string {
  try {
    return compose();
  } catch (error) {
    if (!(error instanceof RangeError && error.message === 'Invalid string length')) throw error;
    throw new OutputError('the output would be longer than 512 MiB. Use --raw for the original document');
  }
}

/** Waits for the reader of a pipe that another program has set to non-blocking mode. */
function writeToStream(content: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') resolve();
      else reject(outputError(error));
    };
    process.stdout.once('error', failed);
    process.stdout.write(content, (error) => (error ? failed(error) : resolve()));
  });
}

export function outputError(error: unknown): OutputError {
  return new OutputError(`cannot write to standard output: ${reasonOf(error)}`);
}
