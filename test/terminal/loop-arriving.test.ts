import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { watch } from './session.ts';

const DOCUMENT = readFileSync(new URL('../../fixtures/uwsgi-2.0.21/threads.1.stats', import.meta.url));
const HALF = DOCUMENT.length / 2;

/** A server that sends its first document at once and its second one in the pieces that the test writes. */
async function inPieces(): Promise<{ address: string; second: Promise<Socket> }> {
  const server = createServer();
  const second = new Promise<Socket>((resolve) => {
    let clients = 0;
    server.on('connection', (socket) => {
      clients += 1;
      // The view may close the connection during a write.
      socket.on('error', () => socket.destroy());
      if (clients === 1) socket.end(DOCUMENT);
      else if (clients === 2) resolve(socket);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { address: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, second };
}

/** Milliseconds without a piece after which the machine was too busy: at 50 the server counts as stalled. */
const MOST_GAP_MS = 40;

/**
 * Presses a key while a document arrives in pieces. Returns whether something was drawn before the document was whole;
 * `null` if a piece came late, because the machine was busy.
 */
async function drawsMeanwhile(): Promise<boolean | null> {
  const { address, second } = await inPieces();
  const terminal = watch(address, { view: { interval: 0.1 } });
  await terminal.untilText('WID');
  const socket = await second;
  let longest = 0;
  let written = '';
  for (let piece = 0; piece < 10; piece += 1) {
    const before = performance.now();
    socket.write(DOCUMENT.subarray((HALF * piece) / 10, (HALF * (piece + 1)) / 10));
    await sleep(5);
    longest = Math.max(longest, performance.now() - before);
    if (piece === 1) {
      written = terminal.written;
      terminal.type('h');
    }
  }
  const isDrawn = terminal.written !== written;
  socket.end(DOCUMENT.subarray(HALF));
  await terminal.untilText('Esc Close');
  return longest > MOST_GAP_MS ? null : isDrawn;
}

it('the loop draws nothing while a document arrives, and handles the keys afterwards', async () => {
  let isDrawn: boolean | null = null;
  while (isDrawn === null) isDrawn = await drawsMeanwhile();
  expect(isDrawn).toBe(false);
});

it('the loop does not wait for a server that stalls in the middle of a document', async () => {
  const { address, second } = await inPieces();
  const terminal = watch(address, { view: { interval: 0.1 } });
  await terminal.untilText('WID');
  const socket = await second;
  socket.write(DOCUMENT.subarray(0, HALF));
  await sleep(20);
  terminal.type('h');
  await terminal.untilText('Esc Close');
  expect(socket.readableEnded).toBe(false);
});
