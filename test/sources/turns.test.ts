import { expect, it } from 'vitest';
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
  expect(await inTurns(work())).toBe('done');
});
