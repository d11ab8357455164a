import { expect, it } from 'vitest';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { inTurns } from '../../src/sources/turns.ts';
import type { Steps } from '../../src/stats/steps.ts';

it('long work lets events run between two steps', async () => {
  let isHandled = false;
  function* work(): Steps<string> {
    setImmediate(() => {
      isHandled = true;
    });
    while (!isHandled) yield;
    return 'done';
  }
  expect(await inTurns(work(), () => {})).toBe('done');
});

it('the time of each step is known, also of one that fails, without the turns between', async () => {
  const until = (time: number) => {
    while (SYSTEM_CLOCK.monotonic() < time);
  };
  function* work(): Steps<void> {
    until(SYSTEM_CLOCK.monotonic() + 0.02);
    setImmediate(() => until(SYSTEM_CLOCK.monotonic() + 1));
    yield;
    throw new Error('no document');
  }
  const steps: number[] = [];
  await expect(inTurns(work(), (seconds) => steps.push(seconds))).rejects.toThrow('no document');
  expect(steps).toHaveLength(2);
  expect(steps[0]).toBeGreaterThanOrEqual(0.02);
});
