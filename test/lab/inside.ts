import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { HttpEndpoint } from './load.ts';
import { serverOf } from './server.ts';
import type { Uwsgi, UwsgiOptions } from './uwsgi.ts';

const APPLICATION = fileURLToPath(new URL('inside.py', import.meta.url));

/** The path of this application, next to the default application of every server. */
export const INSIDE = '/inside';

/**
 * A command that runs as long as the folder of the server exists. uWSGI gives a daemon or cron its own session, which
 * outlives the process group of the server. The folder is removed however the test ends.
 */
export const LASTS = 'while [ -e log ]; do sleep 0.5; done';

/** The core and process that answered a request. */
export interface Answer {
  /** `worker:core`. */
  core: string;
  pid: number;
}

/** A server with the application of `inside.py`. */
export interface Inside extends Uwsgi {
  /** Sends a request to that application. */
  ask(path: string): Promise<Answer>;
  /** The number of calls of `ask` since the server started. */
  asked(): number;
  /** Ends everything that is held. */
  release(): void;
}

/** Starts a server with the application of `inside.py`, which documents its paths. The server ends with the test. */
export async function insideOf({ args = [], ...options }: UwsgiOptions = {}): Promise<Inside> {
  // gevent supports only one interpreter.
  const mounted = ['--mount', `${INSIDE}=${APPLICATION}`, '--manage-script-name', '--single-interpreter'];
  const server = await serverOf({ ...options, args: [...mounted, ...args] });
  let asked = 0;
  return {
    ...server,
    ask(path) {
      asked += 1;
      return promised(answerOf(server.http, INSIDE + path).then(answer));
    },
    asked: () => asked,
    release: () => writeFileSync(join(server.folder, 'release'), ''),
  };
}

function answer(body: string): Answer {
  const [core = '', pid] = body.split(' ');
  return { core, pid: Number(pid) };
}

/** Prevents an unhandled rejection if the test has ended. A caller that awaits the promise still receives its error. */
function promised<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

/**
 * Returns the body of a response. A request that is in flight when its test ends is aborted.
 *
 * @throws Error when there is no response
 */
export function answerOf(
  to: HttpEndpoint,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  return promised(
    new Promise<string>((resolve, reject) => {
      const outgoing = request({ ...to, path, agent: false, headers: { ...headers, connection: 'close' } });
      onTestFinished(() => void outgoing.destroy());
      outgoing.on('error', reject);
      outgoing.once('response', (response) => text(response).then(resolve, reject));
      outgoing.end();
    }),
  );
}

/** The children of a process with their command lines, as the kernel reports them. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  const { stdout } = spawnSync('ps', ['--ppid', String(pid), '-o', 'pid=,args='], { encoding: 'utf8' });
  return [...stdout.matchAll(/^ *(\d+) (.*)$/gm)].map(([, pid, command = '']) => ({
    pid: Number(pid),
    command,
  }));
}
