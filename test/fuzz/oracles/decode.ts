import { DecodeError } from '../../../src/stats/decode.ts';
import type { Check } from '../oracle.ts';

/**
 * A document is read, or refused with a `DecodeError`. One that is cut off is refused, and said to be cut off; one
 * that uWSGI could have written is read.
 */
export const decodes: Check = ({ trial: { damage, bytes }, outcome }) => {
  if ('snapshot' in outcome) return damage.kind === 'cut' ? 'a document that is cut off was read' : null;
  const { error } = outcome;
  if (!(error instanceof DecodeError)) return `threw what is no DecodeError: ${error}`;
  if (damage.kind === 'none') return `refused what it should read: ${error.message}`;
  // Of nothing at all, nobody can tell what it would have been.
  if (damage.kind === 'cut' && damage.pure && bytes.length > 0 && !error.truncated)
    return `did not say that it is cut off, but: ${error.message}`;
  return null;
};
