import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStacks } from '../../src/stats/stacks.ts';
import { block } from './stacks.ts';

describe('any input', () => {
  const WORDS = [
    'thread_id = ',
    't',
    ' filename = ',
    ' lineno = ',
    '7',
    ' function = ',
    'f',
    ' line = ',
    '\n',
    '\n\n',
    '\0',
    'é',
  ];

  it('is read without an error, and no stack is empty', () => {
    const text = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string()), { maxLength: 60 });
    fc.assert(
      fc.property(text, (words) => {
        for (const { thread, frames } of parseStacks(words.join(''))) {
          expect(frames.length).toBeGreaterThan(0);
          expect(words.join('')).toContain(`thread_id = ${thread}`);
        }
      }),
    );
  });

  // In quadratic time, each would exceed the timeout of the test.
  it.each([
    ['line breaks', '\n'],
    ['beginnings', 'thread_id = '],
    ['lines that never end a frame', 'x\n'],
    ['ends of frames', ' lineno = 1 function = f\n'],
    ['ends on one line', ' lineno = 1 function = '],
    ['line numbers', ' lineno = 1'],
    ['digits', '1'],
    ['names of files', ' filename = '],
    ['frames', 'thread_id = t filename = a lineno = 1 function = f line = \n'],
  ])('of a MiB of %s is read', (_, part) => {
    const garbage = part.repeat(Math.ceil(2 ** 20 / part.length));
    for (const start of ['', 'thread_id = ', 'thread_id = t filename = a lineno = '])
      parseStacks(start + garbage);
    expect(parseStacks(`${garbage}\n\n${block('t', ['f'])}`).at(-1)).toMatchObject({
      thread: 't',
      whole: true,
    });
  });
});
