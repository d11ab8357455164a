import { expect, it } from 'vitest';
import { exchange } from '../../src/sources/exchange.ts';
import { DOCUMENT, serve } from './servers.ts';

const OPTIONS = { protocol: 'raw', request: '', timeoutSeconds: 20, maxBytes: 1e6 } as const;

it('a process that did not run when the document came says by how much its time can be wrong', async () => {
  let written = 0;
  const server = await serve('unix', (socket) => {
    written = performance.now() / 1000;
    socket.end(DOCUMENT);
    // The reader is of the same process: it does not run either.
    while (performance.now() / 1000 < written + 0.2);
  });
  const { clock, clockError } = await exchange({ connection: server.connection, ...OPTIONS });
  expect(clockError).toBeGreaterThanOrEqual(0.1);
  expect(Math.abs(clock - written)).toBeLessThanOrEqual(clockError + 0.001);
});
