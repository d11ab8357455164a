import type { Socket } from 'node:net';
import { readRequest, uwsgiResponse } from './http.ts';

/** A connected client that the server is serving. */
export interface Client {
  readonly socket: Socket;
  /** Whether the server waits for a request and answers with HTTP. */
  readonly http: boolean;
  /** Milliseconds that the client may take to send a request, or to read. */
  readonly limitMs: number;
  /** Advances the traffic to the present. @returns unix seconds of the start of the simulation */
  catchUp(): number;
  /** Returns the document of the traffic's current state. @param epoch the value that `catchUp` returned */
  write(epoch: number): Buffer;
}

/** Answers one client. The next client is served after the connection has closed. */
export type Serve = (client: Client) => Promise<void>;

/** Like uWSGI, sends one document in a single write. */
export const serveAsUwsgi: Serve = async (client) => {
  const { socket, http, limitMs } = client;
  if (http && !(await readRequest(socket, limitMs))) {
    socket.destroy();
    return;
  }
  const document = client.write(client.catchUp());
  sendAndClose(socket, http ? uwsgiResponse(document) : document, limitMs);
};

/**
 * Like uWSGI, sends everything in a single write and then closes, even if there is unread input. If there is, the
 * kernel sends a reset. A client that has received all bytes by then may not notice the reset. A client that stops
 * reading is disconnected after the limit.
 */
export function sendAndClose(socket: Socket, bytes: Buffer, limitMs: number): void {
  socket.setTimeout(limitMs, () => socket.destroy());
  if (bytes.length === 0) socket.destroy();
  else socket.write(bytes, () => socket.destroy());
}
