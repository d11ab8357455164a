import { expect, it } from 'vitest';
import { composed, OutputError } from '../../src/commands/output.ts';

/** The longest string of V8 is 24 units shorter. */
const TOO_LONG = 2 ** 29;

it('an output longer than the maximum string length fails with advice', () => {
  const compose = () => 'x'.repeat(TOO_LONG);
  expect(() => composed(compose)).toThrow(
    new OutputError('the output would be longer than 512 MiB. Use --raw for the original document'),
  );
});

it('the advice does not appear for other errors', () => {
  const deep = (): string => `${deep()}x`;
  expect(() => composed(deep)).toThrow(/call stack/);
});
