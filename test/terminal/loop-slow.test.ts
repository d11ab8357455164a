import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { serve } from '../demo/wire.ts';
import { capture } from '../stats/captures.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { watch } from './session.ts';

/** Tests of a terminal that is slow or receives many events: the load of the server and the memory must not grow. */

/** Starts a server that counts its connections. */
async function counting() {
  const server = createServer((socket) => {
    counted.connections += 1;
    // The view may close the connection during a write.
    socket.on('error', () => socket.destroy());
    socket.end(capture('many', counted.connections % 2 === 0 ? 1 : 2));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const counted = { connections: 0, address: `:${typeof address === 'object' ? address?.port : ''}` };
  return counted;
}

it('the loop keeps its interval and queues no frames while the terminal is blocked, and is correct afterwards', async () => {
  const server = await counting();
  const terminal = watch(server.address, { view: { interval: 0.1 } });
  await terminal.untilText('RPS');
  const letGo = terminal.hold();
  const before = server.connections;
  const writes = vi.spyOn(terminal.output, 'write');
  await vi.waitFor(() => expect(server.connections).toBeGreaterThan(before + 20), TIMEOUT_MS);
  terminal.type('h');
  await sleep(200);
  // Only the frame that the terminal did not take.
  expect(writes.mock.calls.length).toBeLessThanOrEqual(2);
  letGo();
  await terminal.untilText('Esc Close');
  terminal.type('h');
  await terminal.untilText('WID');
});

it('the loop can be quit while the terminal is blocked', async () => {
  const server = await serve({ workers: 2 });
  const terminal = watch(server.address, { view: { interval: 0.1 } });
  await terminal.untilText('WID');
  const letGo = terminal.hold();
  await vi.waitFor(() => expect(terminal.output.writableLength).toBeGreaterThan(0), TIMEOUT_MS);
  terminal.type('q');
  expect(await terminal.ended()).toBe('quit');
  letGo();
});

it('the loop draws few frames for thousands of resizes and keys, and the last one is correct', async () => {
  const server = await serve({ workers: 8 });
  const terminal = watch(server.address, { view: { interval: 60 } });
  await terminal.untilText('WID');
  await terminal.settled();
  const writes = vi.spyOn(terminal.output, 'write');
  for (let count = 0; count < 2000; count += 1) {
    terminal.resize(60 + (count % 60), 10 + (count % 30));
    terminal.type('j');
  }
  terminal.resize(100, 20);
  await terminal.until(
    (lines) => lines.length === 20 && /^ q Quit/.test(lines.at(-1) ?? ''),
    'the last size',
  );
  await terminal.settled();
  expect(writes.mock.calls.length).toBeLessThan(100);
});
