import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { available, howToInstall } from '../test/lab/available.ts';
import { guard } from '../test/lab/guard.ts';
import { type Call, follow, STRACE, whyNoTrace } from './strace.ts';

/** One connection of a client to the stats server, during which the master does nothing else. In Unix seconds. */
export interface Hold {
  /** The connection was accepted. */
  start: number;
  /** Everything was written, and close is called. */
  end: number;
  /** Close returned, and the master continues. Close wakes the client, whose work may delay this return. */
  closed: number;
}

/** A real uWSGI whose master's system calls are traced. */
export interface TracedServer {
  /** Address of its stats socket. */
  address: string;
  /** All finished connections so far, in order. */
  holds(): Hold[];
  /** Gives every core a request that lasts until `stop`. Resolves when all requests are sent. */
  occupy(): Promise<void>;
  stop(): Promise<void>;
}

export const PROCESSES = 64;
export const THREADS = 8;

const CONFIG = fileURLToPath(new URL('../fixtures/lab/app.ini', import.meta.url));
const READY_SECONDS = 60;
/** Sends the requests at this rate, because all requests at once would overflow the listen queue. */
const REQUESTS_PER_SECOND = 200;

/** A browser's request without the announced body. The core waits for the body before it calls the application. */
const REQUEST = [
  'POST /account/orders?page=3&sort=date HTTP/1.1',
  'Host: shop.example.com',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language: en-US,en;q=0.5',
  'Accept-Encoding: gzip, deflate, br',
  `Cookie: session=${'0123456789abcdef'.repeat(8)}`,
  'Content-Type: application/json',
  'Content-Length: 2',
  '\r\n',
].join('\r\n');
const WAITS_FOR_BODIES = ['--post-buffering', '4096', '--socket-timeout', '3600'] as const;

/** The reason why such a server cannot run here; `null` if it can. */
export function whyNotTraced(): string | null {
  return available() ? whyNoTrace() : `${howToInstall()}.`;
}

/**
 * Starts a server of 64 processes with 8 threads each, and waits until it is ready.
 *
 * @param args additional arguments of uWSGI
 * @throws Error with the server's log if the server does not start
 */
export async function startTraced(args: readonly string[] = []): Promise<TracedServer> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'statstop-hold-'));
  const address = join(folder, 'stats.sock');
  const trace = join(folder, 'trace');
  const log = join(folder, 'log');
  const output = openSync(log, 'w');
  const calls = ['-e', 'trace=accept,accept4,close', '-o', trace];
  const size = ['--processes', String(PROCESSES), '--threads', String(THREADS)];
  const server = ['uwsgi', '--ini', CONFIG, '--stats', address, ...size, ...WAITS_FOR_BODIES, ...args];
  const child = spawn('strace', [...STRACE, ...calls, ...server], {
    cwd: folder,
    // Its own process group, which can be killed as a whole.
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: process.env.PATH, LAB_FOLDER: folder },
  });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error('strace could not be started');
  const ended = once(child, 'exit');
  const dismiss = guard(pid, folder);
  const clients: Socket[] = [];
  const stop = async () => {
    for (const client of clients) client.destroy();
    process.kill(-pid, 'SIGKILL');
    await ended;
    dismiss();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const isReady = () => /stats server enabled/i.test(readFileSync(log, 'utf8'));
  for (const deadline = performance.now() + READY_SECONDS * 1000; !isReady(); await sleep(100)) {
    if (child.exitCode === null && performance.now() < deadline) continue;
    const text = readFileSync(log, 'utf8');
    await stop();
    throw new Error(`uWSGI did not start: ${text}`);
  }
  // The last workers are still loading the application.
  await sleep(2000);
  const calledByMaster = follow(`${trace}.${pid}`);
  const holds = holdsOf(calledByMaster);
  return {
    address,
    holds,
    async occupy() {
      for (let core = 0; core < PROCESSES * THREADS; core += 1) {
        const client = connect(join(folder, 'http.sock'));
        client.on('error', () => client.destroy());
        client.write(REQUEST);
        clients.push(client);
        await sleep(1000 / REQUESTS_PER_SECOND);
      }
    },
    stop,
  };
}

function holdsOf(calls: () => Call[]): () => Hold[] {
  const ended: Hold[] = [];
  const accepted = new Map<number, number>();
  return () => {
    for (const { name, args, result, start, end } of calls()) {
      if (name !== 'close') {
        if (result >= 0) accepted.set(result, end);
        continue;
      }
      const fd = Number.parseInt(args, 10);
      const since = accepted.get(fd);
      accepted.delete(fd);
      if (since !== undefined) ended.push({ start: since, end: start, closed: end });
    }
    return ended;
  };
}
