import { isLocal } from '../host/local.ts';
import { findTracebacker } from '../host/tracebacker.ts';
import type { Sample } from '../rates/sample.ts';
import { TargetError } from '../sources/errors.ts';
import { readStacks } from '../sources/read-stacks.ts';
import type { Worker } from '../stats/snapshot.ts';
import { parseStacks, type Stack, stackOfCore } from '../stats/stacks.ts';
import type { Target } from '../targets/target.ts';
import type { Place } from '../views/view.ts';
import type { Chosen } from './options.ts';

const NO_TRACEBACKER =
  'no tracebacker of this worker found. Set `py-tracebacker = /run/app/tb` in the uWSGI configuration. ' +
  'If it is set, run statstop as root or with --tracebacker /run/app/tb (or the setting tracebacker)';

/** Returns a function that reads the Python stacks of a server's workers on demand. */
export function stacksReader(target: Target, { tracebacker, timeout }: Chosen) {
  /** @throws Error whose message contains the reason and the advice */
  return async (
    { worker: id, core }: Place,
    { kind, snapshot }: Sample,
    signal: AbortSignal,
  ): Promise<readonly Stack[]> => {
    const worker = kind === 'app' ? snapshot.workers.find((each) => each.id === id) : undefined;
    if (!worker || worker.pid === null) throw new Error('the worker is not running');
    if (!(await isLocal(target)))
      throw new Error('Python stacks can be read only on the machine of the server');
    const found = await findTracebacker(worker, snapshot.server.pid);
    try {
      // The setting may be meant for another server, so a tracebacker that is known to belong to this worker takes
      // precedence.
      const set = tracebacker === undefined ? null : `${tracebacker}${id}`;
      const path = found?.address ?? set;
      if (path === null) throw new Error(NO_TRACEBACKER);
      const text = await read(path, found?.name ?? path, timeout, signal);
      return joined(parseStacks(text), worker, core);
    } finally {
      await found?.close();
    }
  };
}

/** @param name the name of the socket in errors */
async function read(
  path: string,
  name: string,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await readStacks(path, { timeoutSeconds, signal });
  } catch (error) {
    throw error instanceof TargetError ? new Error(`${name}: ${error.cause}. ${error.advice}`) : error;
  }
}

function joined(stacks: readonly Stack[], worker: Worker, core: number | null): readonly Stack[] {
  // Return all stacks, including threads that the application started, and gevent's loop.
  if (core === null) {
    if (stacks.length === 0) throw new Error('no thread of this worker was running Python code');
    return stacks;
  }
  const stack = stackOfCore(stacks, worker, core);
  if (stack) return [stack];
  throw new Error(
    'no Python thread matches this core: its request has just ended, or the worker runs ' +
      'requests as greenlets (gevent) and not in threads',
  );
}
