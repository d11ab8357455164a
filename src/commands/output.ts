import { fstatSync, writeFileSync } from 'node:fs';

/** Standard output took less than what was to be written. */
export class OutputError extends Error {
  override name = 'OutputError';
}

/**
 * Writes to standard output, to the last byte. A reader that has seen enough (`| head`) ends it without a word.
 *
 * @throws OutputError
 */
export function write(content: string | Uint8Array): Promise<void> {
  return isFile() ? writeToFile(content) : writeToStream(content);
}

/**
 * What a function composes to be written.
 *
 * @throws OutputError where it is longer than a string can be in Node.js (512 MiB)
 */
export function composed(compose: () => string): string {
  try {
    return compose();
  } catch (error) {
    if (!(error instanceof RangeError && error.message === 'Invalid string length')) throw error;
    throw new OutputError(
      'the output would be longer than 512 MiB. Use --raw for the document as it was sent.',
    );
  }
}

function isFile(): boolean {
  try {
    return fstatSync(process.stdout.fd).isFile();
  } catch {
    return false;
  }
}

/** Node.js leaves it at what a disk that gets full has taken of a write to standard output. */
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
  return new OutputError(`standard output: ${error instanceof Error ? error.message : error}`);
}
