import { onTestFinished } from 'vitest';
import { startUwsgi, type Uwsgi, type UwsgiOptions } from './uwsgi.ts';

/** A server of one test: it ends with the test, and its log is shown when that failed. */
export async function serverOf(options: UwsgiOptions = {}): Promise<Uwsgi> {
  const server = await startUwsgi(options);
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.error(`The log of ${server.target}:\n${server.log().slice(-2000)}`);
    await server.stop();
  });
  return server;
}
