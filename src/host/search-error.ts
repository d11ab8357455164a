/** The servers of this machine cannot be searched. The message says why, and what to do. */
export class SearchError extends Error {
  override name = 'SearchError';
}

/** `/proc` cannot be read, so nothing is known about the processes of this machine. */
export class ProcError extends SearchError {
  override name = 'ProcError';

  constructor(proc: string, error: unknown) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `${proc} is not mounted` : message;
    super(`the processes of this machine cannot be read: ${why}. Give the address of the stats socket`);
  }
}
