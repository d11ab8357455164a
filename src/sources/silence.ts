import { SYSTEM_CLOCK } from './source.ts';

/** A timer is later than this many seconds only if the process was stopped or had no CPU time. */
const LATE_SECONDS = 0.02;

/**
 * Calls a function after a time without data from the peer. `setTimeout` alone is not enough: after a pause of this
 * process, Node.js runs timers before it reads the data that has arrived. The peer would be treated as silent although
 * it has responded. Therefore pending data is read first, and the wait is extended once by the length of the pause.
 *
 * @param seconds time to wait, and longest extension
 * @param act called once, unless the wait is cancelled
 * @returns a function that cancels the wait
 */
export function afterSilence(seconds: number, act: () => void): () => void {
  const due = SYSTEM_CLOCK.monotonic() + seconds;
  let off = false;
  const actOnce = () => {
    if (!off) act();
  };
  let timer = setTimeout(() => {
    const late = Math.min(seconds, SYSTEM_CLOCK.monotonic() - due);
    // Immediates run after the reads of the same turn of the event loop.
    if (late < LATE_SECONDS) setImmediate(actOnce);
    else timer = setTimeout(actOnce, late * 1000);
  }, seconds * 1000);
  return () => {
    off = true;
    clearTimeout(timer);
  };
}
