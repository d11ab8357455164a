import { DecodeError } from '../../../src/stats/decode.ts';
import type { Check } from '../oracle.ts';

/**
 * A document is decoded or refused with a `DecodeError`. A truncated document is refused, and the error reports the
 * truncation. A document that uWSGI could have written is decoded.
 */
export const decodes: Check = ({ trial: { damage, bytes }, outcome }) => {
  if ('snapshot' in outcome) return damage.kind === 'cut' ? 'a document that is cut off was read' : null;
  const { error } = outcome;
  if (!(error instanceof DecodeError)) return `threw an error that is no DecodeError: ${error}`;
  if (damage.kind === 'none') return `refused what it should read: ${error.message}`;
  // An empty input cannot be identified as truncated.
  if (damage.kind === 'cut' && damage.pure && bytes.length > 0 && !error.truncated)
    return `did not say that it is cut off, but: ${error.message}`;
  return null;
};
