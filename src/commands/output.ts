import { fstatSync, writeFileSync } from 'node:fs';

/** The output could not be written completely. */
export class OutputError extends Error {
  override name = 'OutputError';
}

/**
 * Writes to standard output, including the last byte. If the reader closes the pipe early (`| head`), the write ends
 * without an error.
 *
 * @throws OutputError
 */
export function write(content: string | Uint8Array): Promise<void> {
  return isFile() ? writeToFile(content) : writeToStream(content);
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

function isFile(): boolean {
  try {
    return fstatSync(process.stdout.fd).isFile();
  } catch {
    return false;
  }
}

/**
 * Uses `writeFileSync`: if a disk becomes full, `process.stdout.write` of Node.js writes only a part and reports no
 * error.
 */
async function writeToFile(content: string | Uint8Array): Promise<void> {
  try {
    writeFileSync(process.stdout.fd, content);
  } catch (error) {
    throw outputError(error);
  }
}

function writeToStream(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') resolve();
      else reject(outputError(error));
    };
    process.stdout.once('error', failed);
    process.stdout.write(content, (error) => (error ? failed(error) : resolve()));
  });
}

function outputError(error: unknown): OutputError {
  return new OutputError(
    `cannot write to standard output: ${error instanceof Error ? error.message : error}`,
  );
}
