import { expect } from 'vitest';
import { ExchangeError, type ExchangeOptions, exchange } from '../../src/sources/exchange.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import type { TestServer } from './servers.ts';

export const REQUEST = 'GET / HTTP/1.0\r\n\r\n';

/** Options for an exchange with a server of the test. */
export function options({ connection }: TestServer, given: Partial<ExchangeOptions> = {}): ExchangeOptions {
  return {
    connection,
    protocol: null,
    request: REQUEST,
    timeoutSeconds: TIMEOUT_SECONDS,
    maxBytes: 1e6,
    ...given,
  };
}

/** Returns the error of a failed exchange. */
export async function failure(given: ExchangeOptions): Promise<ExchangeError> {
  const error = await exchange(given).catch((reason) => reason);
  if (!(error instanceof ExchangeError)) return expect.fail(`not an ExchangeError: ${error}`);
  return error;
}
