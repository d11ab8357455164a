import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/demo/heap.ts';

describe('Heap', () => {
  it('returns its items in order of time, also if items are added in between', () => {
    const steps = fc.array(fc.option(fc.integer({ min: 0, max: 50 })));
    fc.assert(
      fc.property(steps, (all) => {
        const heap = new Heap<{ end: number }>();
        const sorted: number[] = [];
        for (const step of all) {
          if (step === null) expect(heap.take()?.end).toBe(sorted.shift());
          else {
            heap.add({ end: step });
            sorted.push(step);
            sorted.sort((a, b) => a - b);
          }
          expect(heap.first()?.end).toBe(sorted[0]);
        }
      }),
    );
  });
});
