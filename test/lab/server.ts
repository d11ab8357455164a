import { onTestFinished } from 'vitest';
import { startUwsgi, type Uwsgi, type UwsgiOptions } from './uwsgi.ts';

/** Starts a server for one test. It ends with the test. If the test failed, prints the server's log. */
export async function serverOf(options: UwsgiOptions = {}): Promise<Uwsgi> {
  const server = await startUwsgi(options);
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.error(`The log of ${server.target}:\n${server.log().slice(-2000)}`);
    await server.stop();
  });
  return server;
}
