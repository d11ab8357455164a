import type { AppSnapshot } from '../stats/snapshot.ts';
import type { HostReading } from './reading.ts';

/**
 * Returns what this machine's kernel reports about a server, or `null` if the server does not run here. Never rejects.
 */
type HostOf = (snapshot: AppSnapshot, clock: number) => Promise<HostReading | null>;

/** Milliseconds that the live view waits for an answer. */
const LIMIT_MS = 150;
const LATE = Symbol('late');

/** Seconds for which the last answer replaces a late one. */
const VALID_SECONDS = 3;

/**
 * Limits the time that a document waits for `hostOf`. For up to `VALID_SECONDS`, the last answer replaces a late one.
 */
export function timely(hostOf: HostOf, limitMs = LIMIT_MS): HostOf {
  let last: HostReading | null = null;
  return async (snapshot, clock) => {
    const answer = await beforeLate(hostOf(snapshot, clock), limitMs);
    if (answer !== LATE) last = answer;
    else if (last?.master.pid !== snapshot.server.pid || clock - last.clock >= VALID_SECONDS) last = null;
    return last;
  };
}

/** Clears the timer with the result: many polls would otherwise leave many timers. */
async function beforeLate<Value>(value: Promise<Value>, limitMs: number): Promise<Value | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, limitMs, LATE);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
