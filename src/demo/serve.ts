import type { Socket } from 'node:net';
import { readRequest, uwsgiResponse } from './http.ts';

/** A client that is connected and whose turn it is. */
export interface Client {
  readonly socket: Socket;
  /** Whether the server waits for a request and answers with HTTP. */
  readonly http: boolean;
  /** How long the client may take to send a request, or to read. */
  readonly limitMs: number;
  /** Advances the traffic to the present. @returns unix seconds of the instant at which the simulation began */
  catchUp(): number;
  /** Writes the document of the traffic as it is. @param epoch what `catchUp` returned */
  write(epoch: number): Buffer;
}

/** Answers one client. The next client is served when the connection has closed. */
export type Serve = (client: Client) => Promise<void>;

/** As uWSGI does: one document, all at once. */
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
 * As uWSGI does: all at once, and closed at the end whether or not there is unread input. When there is, the kernel
 * makes a reset of it; a client that has all the bytes by then may not notice. A client that stops reading is left after the limit.
 */
export function sendAndClose(socket: Socket, bytes: Buffer, limitMs: number): void {
  socket.setTimeout(limitMs, () => socket.destroy());
  if (bytes.length === 0) socket.destroy();
  else socket.write(bytes, () => socket.destroy());
}
