import type { Steps } from '../stats/steps.ts';
import { SYSTEM_CLOCK } from './source.ts';

/**
 * Runs the steps with a turn of the event loop between two steps, so that keys and signals are handled.
 *
 * @param worked is called with the seconds that each step took, also of the last one that throws
 */
export async function inTurns<Result>(
  steps: Steps<Result>,
  worked: (seconds: number) => void,
): Promise<Result> {
  for (;;) {
    const began = SYSTEM_CLOCK.monotonic();
    try {
      const { done, value } = steps.next();
      if (done) return value;
    } finally {
      worked(SYSTEM_CLOCK.monotonic() - began);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
