import { closeSync, openSync } from 'node:fs';
import { SearchError } from './search-error.ts';

/** This process has too few free file descriptors. */
export class DescriptorError extends SearchError {
  override name = 'DescriptorError';

  constructor() {
    super(
      'too few free file descriptors. Raise the limit of open files: ulimit -n, or LimitNOFILE of systemd',
    );
  }
}

/** More descriptors than a search for servers needs at a time. */
const NEEDED = 24;

/**
 * Checks that this process can open files and start processes. Most functions of this folder take a file that cannot be
 * opened for one of a process that has ended, so a search without free descriptors would find too few servers.
 *
 * @throws DescriptorError
 */
export function requireDescriptors(): void {
  const opened: number[] = [];
  try {
    while (opened.length < NEEDED) opened.push(openSync('/dev/null', 'r'));
  } catch (error) {
    throw isExhausted(error) ? new DescriptorError() : error;
  } finally {
    for (const file of opened) closeSync(file);
  }
}

/** Whether an error says that this process, or the system, has no free file descriptor. */
function isExhausted(error: unknown): boolean {
  return ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');
}
