/** A timer is late by more than this only if the process was stopped or had no processor. */
const LATE_SECONDS = 0.02;

/**
 * Calls back after a time without news from the other side. `setTimeout` alone is not enough: after a pause in which this
 * process could not run, Node.js runs timers before it reads what has arrived, and the other side would be called
 * silent although it has answered. So what has arrived is always read first, and a pause is made up for once.
 *
 * @param seconds to wait
 * @param act is called once, unless the wait is called off
 * @returns calls it off
 */
export function afterSilence(seconds: number, act: () => void): () => void {
  const due = performance.now() / 1000 + seconds;
  let off = false;
  const actOnce = () => {
    if (!off) act();
  };
  let timer = setTimeout(() => {
    const late = Math.min(seconds, performance.now() / 1000 - due);
    // Immediates run after the reads of the same turn of the event loop.
    if (late < LATE_SECONDS) setImmediate(actOnce);
    else timer = setTimeout(actOnce, late * 1000);
  }, seconds * 1000);
  return () => {
    off = true;
    clearTimeout(timer);
  };
}
