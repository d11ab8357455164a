import { expect, it } from 'vitest';
import { composed, OutputError } from '../../src/commands/output.ts';

/** V8's longest string has 24 units less. */
const TOO_LONG = 2 ** 29;

it('says what to do where an output is longer than a string can be', () => {
  const compose = () => 'x'.repeat(TOO_LONG);
  expect(() => composed(compose)).toThrow(
    new OutputError('the output would be longer than 512 MiB. Use --raw for the document as it was sent.'),
  );
});

it('says nothing of the length for any other error', () => {
  const deep = (): string => `${deep()}x`;
  expect(() => composed(deep)).toThrow(/call stack/);
});
