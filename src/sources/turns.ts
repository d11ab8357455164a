import type { Steps } from '../stats/steps.ts';

/** Runs the steps with a turn of the event loop between two steps, so that keys and signals are handled. */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
