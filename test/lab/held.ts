import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import type { HttpEndpoint } from './load.ts';

/** Length of the announced body. One byte per second is sent, so that no timeout of the server ends the request. */
const BODY_BYTES = 1000;

/** Arguments that make uWSGI read the body before it calls the application. A held request waits there. */
export const HOLDS_REQUESTS = ['--post-buffering', '4096'] as const;

/**
 * Sends a request that stays in flight until the test ends, to a server with `HOLDS_REQUESTS`. The bytes of its target
 * and headers are sent unchanged, which no HTTP client would do.
 *
 * @param target the text between method and version
 */
export function holdRequest(to: HttpEndpoint, target: Buffer, headers: readonly string[] = []): void {
  const socket = connect('socketPath' in to ? { path: to.socketPath } : to);
  const lines = ['', 'Host: localhost', `Content-Length: ${BODY_BYTES}`, ...headers, '', ''];
  socket.write(Buffer.concat([Buffer.from('POST '), target, Buffer.from(` HTTP/1.1${lines.join('\r\n')}`)]));
  const dribble = setInterval(() => socket.write('.'), 1000);
  const end = () => {
    clearInterval(dribble);
    socket.destroy();
  };
  // The server may end first.
  socket.on('error', end);
  socket.resume();
  onTestFinished(end);
}
