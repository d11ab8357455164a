import type { AppSnapshot } from '../stats/snapshot.ts';
import type { HostReading } from './reading.ts';

/** What this machine's kernel knows of a server; `null` where that does not run here. Never fails. */
type HostOf = (snapshot: AppSnapshot, clock: number) => Promise<HostReading | null>;

/** Milliseconds that the kernel has to answer. */
const LIMIT_MS = 150;
const LATE = Symbol('late');

/** Seconds for which an answer stands in for one that is late. */
const VALID_SECONDS = 3;

/** The same, within the time that a document can wait to be shown: in place of a late answer stands the last one, for a while. */
export function timely(hostOf: HostOf): HostOf {
  let last: HostReading | null = null;
  return async (snapshot, clock) => {
    const answer = await beforeLate(hostOf(snapshot, clock));
    if (answer !== LATE) last = answer;
    else if (last?.master.pid !== snapshot.server.pid || clock - last.clock >= VALID_SECONDS) last = null;
    return last;
  };
}

/** Its timer ends with it: many polls would leave many. */
async function beforeLate<Value>(value: Promise<Value>): Promise<Value | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, LIMIT_MS, LATE);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
