import type { Socket } from 'node:net';
import { sendAndClose } from '../../../src/demo/serve.ts';

/** Sends a response over one connection. Ends when the connection has closed. */
export type Send = (socket: Socket, bytes: Buffer, limitMs: number) => void;

/** Sends as uWSGI does, but half a second late. */
export function sendLate(socket: Socket, bytes: Buffer, limitMs: number): void {
  const timer = setTimeout(() => sendAndClose(socket, bytes, limitMs), 500);
  socket.once('close', () => clearTimeout(timer));
}

/** Sends everything at once and leaves the close to the client. */
export function sendAndHold(socket: Socket, bytes: Buffer): void {
  if (bytes.length > 0) socket.write(bytes);
  socket.resume();
}

/**
 * Behaves like the socket of an application, which speaks the uwsgi protocol. It waits for the four bytes of a packet
 * header, reads an impossible length from an HTTP request, and closes (2.0.21: without a byte and without a reset).
 */
export function closeWhenAsked(socket: Socket, _bytes: Buffer, limitMs: number): void {
  let received = 0;
  socket.setTimeout(limitMs, () => socket.destroy());
  socket.on('data', (chunk) => {
    received += chunk.length;
    if (received >= PACKET_HEAD) socket.destroy();
  });
  socket.resume();
}

const PACKET_HEAD = 4;

/** Sends half of the response, then a reset. Unix sockets have no reset, so the connection is closed. */
export function sendHalfAndReset(socket: Socket, bytes: Buffer): void {
  const tcp = socket.remoteFamily !== undefined;
  // libuv reports a reset together with data as the end of the data (in a fifth of the runs).
  const timer = setTimeout(() => (tcp ? socket.resetAndDestroy() : socket.destroy()), READ_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.write(bytes.subarray(0, bytes.length >> 1));
}

/** Long enough for the client to read the data, on a busy machine too. */
const READ_MS = 200;

/** Sends a byte at a time, and then blanks without end. */
export function trickle(socket: Socket, bytes: Buffer): void {
  let sent = 0;
  const send = () => {
    socket.write(Buffer.of(bytes[sent] ?? BLANK));
    sent += 1;
  };
  send();
  const timer = setInterval(send, 100);
  socket.once('close', () => clearInterval(timer));
  socket.resume();
}

const BLANK = 0x20;
const BLANKS = Buffer.alloc(2 ** 20, BLANK);

/** Sends everything, and then blanks without end, as fast as the client reads them. */
export function flood(socket: Socket, bytes: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(BLANKS));
  };
  socket.on('drain', more);
  socket.resume();
  socket.write(bytes);
  more();
}
