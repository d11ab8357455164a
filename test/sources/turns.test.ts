import { expect, it } from 'vitest';
import { inTurns } from '../../src/sources/turns.ts';
import type { Steps } from '../../src/stats/steps.ts';

it('handles events between two steps of long work', async () => {
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
