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

/** Where it answers, beside the application of every server. */
export const INSIDE = '/inside';

/**
 * A command that goes on as long as the folder of the server: uWSGI gives a daemon or cron a session of its own, which
 * outlives the group of the server, but the folder goes whatever ends the test.
 */
export const LASTS = 'while [ -e log ]; do sleep 0.5; done';

/** Who answered a request. */
export interface Answer {
  /** `worker:core`. */
  core: string;
  pid: number;
}

/** A server with the application of `inside.py`. */
export interface Inside extends Uwsgi {
  /** Asks that application. */
  ask(path: string): Promise<Answer>;
  /** How often it was asked, by `ask`, since the server started. */
  asked(): number;
  /** Lets everything go that is held. */
  release(): void;
}

/** Starts a server whose application can do what `inside.py` says; it ends with the test. */
export async function insideOf({ args = [], ...options }: UwsgiOptions = {}): Promise<Inside> {
  // gevent can do with one interpreter only.
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

/** Whoever waits for it sees its error; a test that is over waits no more. */
function promised<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

/**
 * The body of an answer. A request that is under way when its test ends is given up.
 *
 * @throws Error when there is none
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

/** The processes that a process started, with their command lines, as the kernel knows them. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  const { stdout } = spawnSync('ps', ['--ppid', String(pid), '-o', 'pid=,args='], { encoding: 'utf8' });
  return [...stdout.matchAll(/^ *(\d+) (.*)$/gm)].map(([, pid, command = '']) => ({
    pid: Number(pid),
    command,
  }));
}
