import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { readerOf } from './reader.ts';
import { startUwsgi, type Uwsgi, type UwsgiOptions } from './uwsgi.ts';

/**
 * Starts a server for one test and waits until its workers have loaded the application. It ends with the test. If the
 * test failed, prints the server's log.
 */
export async function serverOf(options: UwsgiOptions = {}): Promise<Uwsgi> {
  const server = await startUwsgi(options);
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail')
      console.error(`The log of ${server.target}:\n${server.log().slice(-2000)}`);
    await server.stop();
  });
  if (loads(options)) await loaded(server);
  return server;
}

/** Whether the workers load an application that loads at once. */
function loads({ emperor, ini, importSeconds }: UwsgiOptions): boolean {
  return !emperor && ini === undefined && !importSeconds;
}

/** Milliseconds after which a server counts as one whose workers never load, as some options make it. */
const LIMIT_MS = 20_000;

async function loaded({ target }: Uwsgi): Promise<void> {
  const reader = readerOf(target);
  for (const deadline = performance.now() + LIMIT_MS; performance.now() < deadline; await sleep(20)) {
    const answer = await reader.app().catch(() => null);
    // Some tests start a server that this version of Node.js cannot read.
    if (answer === null) return;
    const { loading, workers, cheap } = answer.sample.totals;
    if (loading === 0 && workers > cheap) return;
  }
}
