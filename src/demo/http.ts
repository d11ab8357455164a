/** HTTP as implemented by uWSGI's `stats-http`. */
import type { Socket } from 'node:net';

/** The response of `--stats-http`, byte for byte (core/utils.c, `uwsgi_send_http_stats`). */
export function uwsgiResponse(document: Buffer): Buffer {
  const head =
    'HTTP/1.0 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: application/json\r\n\r\n';
  return Buffer.concat([Buffer.from(head), document]);
}

/**
 * Waits for the blank line at the end of a request.
 *
 * @returns `true` when it has arrived; `false` when the client disconnected or the limit has passed
 */
export function readRequest(socket: Socket, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    let request = '';
    const settle = (whole: boolean) => {
      clearTimeout(timer);
      socket.off('data', take);
      resolve(whole);
    };
    const take = (chunk: Buffer) => {
      request = (request + chunk.toString('latin1')).slice(-MAX_REQUEST);
      if (/\r?\n\r?\n/.test(request)) settle(true);
    };
    const timer = setTimeout(() => settle(false), limitMs);
    socket.on('data', take);
    socket.resume();
    socket.once('close', () => settle(false));
  });
}

const MAX_REQUEST = 65_536;
