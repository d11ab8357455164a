import type { HostReading } from '../host/reading.ts';
import type { AppSnapshot } from '../stats/snapshot.ts';

/**
 * What this machine's kernel knows of a server, `null` where that does not run here. Never fails.
 *
 * @param lookedAt the id of the worker that is looked at
 */
export type KernelOf = (
  snapshot: AppSnapshot,
  clock: number,
  lookedAt: number | null,
) => Promise<HostReading | null>;

/** Milliseconds that the kernel has to say what it knows, and what stands for none of it. */
const PATIENCE_MS = 150;
const LATE = Symbol('late');

/** Seconds for which its last word is good for now. */
const LAST_WORD = 3;

/** The same, within the time that a document can wait to be shown: what is late is what was known last, for a while. */
export function inTime(kernelOf: KernelOf): KernelOf {
  let last: HostReading | null = null;
  return async (snapshot, clock, lookedAt) => {
    const known = await beforeLate(kernelOf(snapshot, clock, lookedAt));
    if (known !== LATE) last = known;
    else if (last?.master.pid !== snapshot.server.pid || clock - last.clock >= LAST_WORD) last = null;
    return last;
  };
}

/** Its timer ends with it: many polls would leave many. */
async function beforeLate<Value>(value: Promise<Value>): Promise<Value | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, LATE);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
