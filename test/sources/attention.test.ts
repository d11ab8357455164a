import { expect, it } from 'vitest';
import { exchange } from '../../src/sources/exchange.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { DOCUMENT, serve } from './servers.ts';

const OPTIONS = { protocol: 'raw', request: '', timeoutSeconds: 20, maxBytes: 1e6 } as const;

it('if this process was blocked when a document arrived, the answer has the maximum error of its time', async () => {
  let written = 0;
  const server = await serve('unix', (socket) => {
    written = SYSTEM_CLOCK.monotonic();
    socket.end(DOCUMENT);
    // The reader runs in the same process, so it is blocked too.
    while (SYSTEM_CLOCK.monotonic() < written + 0.2);
  });
  const { clock, clockError } = await exchange({ connection: server.connection, ...OPTIONS });
  expect(clockError).toBeGreaterThanOrEqual(0.1);
  expect(Math.abs(clock - written)).toBeLessThanOrEqual(clockError + 0.001);
});
