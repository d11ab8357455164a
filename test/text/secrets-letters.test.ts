import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PAIRS } from '../../src/text/secrets/letters.ts';
import '../../src/text/secrets.ts';

it('a pattern for ASCII matches the same as the pattern for all letters', () => {
  expect(PAIRS.length).toBeGreaterThan(5);
  const near = fc.string({ unit: fc.constantFrom(...'aZz09_-."\'\\ {[(,:~+*@/'), maxLength: 30 });
  const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });
  for (const [fast, any] of PAIRS)
    fc.assert(
      fc.property(fc.oneof(near, ascii), (text) => {
        expect([text, text.match(fast)]).toEqual([text, text.match(any())]);
      }),
    );
});
