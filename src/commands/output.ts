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
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') resolve();
      else reject(new OutputError(`standard output: ${error.message}`));
    };
    process.stdout.once('error', failed);
    process.stdout.write(content, (error) => (error ? failed(error) : resolve()));
  });
}
