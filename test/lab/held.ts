import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import type { HttpEndpoint } from './load.ts';

/** What the server waits for; it is sent a byte a second, so that no timeout of the server's ends the request. */
const BODY_BYTES = 1000;

/** Arguments of a uWSGI that reads the body before it calls the application: that is where a held request waits. */
export const HOLDS_REQUESTS = ['--post-buffering', '4096'] as const;

/**
 * A request that stays in flight until the test is over, on a server with `HOLDS_REQUESTS`. The bytes of its target and
 * headers are sent as they are: no HTTP client would let them through.
 *
 * @param target what stands between method and version
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
  // The server may be ended first.
  socket.on('error', end);
  socket.resume();
  onTestFinished(end);
}
