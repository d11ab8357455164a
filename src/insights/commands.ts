import type { AppSample } from '../rates/sample.ts';
import { processOf } from '../rates/with-host.ts';
import type { Worker } from '../stats/snapshot.ts';

/**
 * Commands and lines of configuration for findings, to be copied. They contain only constants and numbers, never text
 * of a document, so that a shell cannot interpret anything else. They change no process: a command that ends or pauses
 * one is only in the advice, because it can be wrong by the time it is pasted.
 */

/**
 * The command that prints where the Python code of a worker is. `null` unless the kernel of this machine confirms that
 * the process is the worker: a document can contain any pid.
 */
export function dumpStack(worker: Worker | undefined, { host }: Pick<AppSample, 'host'>): string | null {
  if (!worker || worker.pid === null || worker.pid <= 1 || processOf(worker, host) === null) return null;
  return `py-spy dump --pid ${worker.pid}`;
}

/** A line of the configuration of uWSGI. `null` if the value is not a usable number. */
export function setting(option: string, value: number | true): string | null {
  return value === true || (Number.isSafeInteger(value) && value > 0) ? `${option} = ${value}` : null;
}
