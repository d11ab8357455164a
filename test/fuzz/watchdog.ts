import type { ChildProcess } from 'node:child_process';

/** How a process ended that told the number of each case before it. */
export interface Ending {
  /** `null` when a signal ended it. */
  status: number | null;
  signal: NodeJS.Signals | null;
  /** The last case that it told of. */
  number: number | null;
  /** It was killed, because that case did not end. */
  hung: boolean;
}

/** A message of the process: the case that begins. */
export interface Begins {
  number: number;
}

/**
 * Waits for a process, and kills it when one case takes too long: an endless loop can only be seen from outside.
 *
 * @param seconds that a case may take
 */
export function watchOver(child: ChildProcess, seconds: number): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let number: number | null = null;
    let hung = false;
    let timer: NodeJS.Timeout | undefined;
    child.on('message', (message: Begins) => {
      ({ number } = message);
      clearTimeout(timer);
      timer = setTimeout(() => {
        hung = true;
        child.kill('SIGKILL');
      }, seconds * 1000);
    });
    child.once('error', reject);
    child.once('exit', (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, number, hung });
    });
  });
}
