import { expect, it } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import type { Steps } from '../../src/stats/steps.ts';
import { serve } from '../demo/wire.ts';
import { capture, NAMES } from '../stats/captures.ts';
import { watch } from './session.ts';

it('is left between two steps of the reading of a large document', async () => {
  const { address } = await serve();
  let isLeft = false;
  let typed = false;
  function* endless(): Steps<ReturnType<typeof decode>> {
    if (!typed) terminal.type('q');
    typed = true;
    while (!isLeft) yield;
    return decode(capture(NAMES[0] ?? '', 1));
  }
  const terminal = watch(address, { snapshotOf: endless });
  const ending = await terminal.ended;
  isLeft = true;
  expect(ending).toBe('quit');
});
