import type { ChildProcess } from 'node:child_process';

/** The end of a process that reports the number of each case before it runs. */
export interface Ending {
  /** `null` if a signal ended the process. */
  status: number | null;
  signal: NodeJS.Signals | null;
  /** The last reported case. */
  number: number | null;
  /** The process was killed because this case did not end. */
  hung: boolean;
}

/** A message of the process: the case that begins. */
export interface Begins {
  number: number;
}

/**
 * Waits for a process and kills it if a case takes too long: an endless loop can be detected only from outside.
 *
 * @param seconds maximum duration of a case
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
