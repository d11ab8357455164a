import { expect } from 'vitest';
import { TargetError } from '../../src/sources/errors.ts';
import { read } from '../../src/sources/read.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import type { Target } from '../../src/targets/target.ts';

export const STATS_SOCKET = 'Use the stats socket: the address of `stats = ...` in the uWSGI configuration.';

/** Returns the error of a failed read. Checks that its message begins with the target and contains the cause. */
export async function failure(target: Target | string, timeoutSeconds = 0.5): Promise<TargetError> {
  const named = typeof target === 'string' ? parseTarget(target) : target;
  const error = await read(named, { timeoutSeconds }).catch((reason) => reason);
  if (!(error instanceof TargetError)) return expect.fail(`not a TargetError: ${error}`);
  expect(error.message.startsWith(`${named.text}: ${error.cause}`)).toBe(true);
  return error;
}
