import type { Socket } from 'node:net';
import { sendAndClose } from '../../../src/demo/serve.ts';

/** A way to send an answer over one connection. It ends when the connection has closed. */
export type Send = (socket: Socket, bytes: Buffer, limitMs: number) => void;

/** As uWSGI does, but half a second late. */
export function sendLate(socket: Socket, bytes: Buffer, limitMs: number): void {
  const timer = setTimeout(() => sendAndClose(socket, bytes, limitMs), 500);
  socket.once('close', () => clearTimeout(timer));
}

/** All at once, and then left to the client to close. */
export function sendAndHold(socket: Socket, bytes: Buffer): void {
  if (bytes.length > 0) socket.write(bytes);
  socket.resume();
}

/**
 * As the socket of an application does, which speaks uwsgi: it waits for the four bytes of a packet's head, takes those
 * of an HTTP request for one whose length cannot be, and closes (seen on 2.0.21: no byte, and no reset).
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

/** Half of it, then a reset; a unix socket knows none and is closed. */
export function sendHalfAndReset(socket: Socket, bytes: Buffer): void {
  const tcp = socket.remoteFamily !== undefined;
  // libuv takes a reset that it finds together with data for the end (seen: each fifth time).
  const timer = setTimeout(() => (tcp ? socket.resetAndDestroy() : socket.destroy()), READ_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.write(bytes.subarray(0, bytes.length >> 1));
}

/** Long enough for what was sent to be read, on a busy machine too. */
const READ_MS = 200;

/** A byte at a time, and blanks when there are none left: it never ends. */
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

/** All of it, and then blanks as fast as the client takes them: it never ends. */
export function flood(socket: Socket, bytes: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(BLANKS));
  };
  socket.on('drain', more);
  socket.resume();
  socket.write(bytes);
  more();
}
