import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startUwsgi } from '../uwsgi.ts';
import type { Version } from '../versions.ts';
import type { Kind } from './kinds.ts';

/** Milliseconds between the two reads. The same in all captures. */
const APART = 2000;

/**
 * Milliseconds until a change is visible in the document: a request reaches its worker, a vassal loads, the master
 * counts a queue.
 */
const SETTLES = 4000;

/**
 * Writes the bytes of two reads of a server, 2 s apart: `NAME.1.stats` and `NAME.2.stats`.
 *
 * @throws Error when the server does not start or has no stats
 */
export async function capture(name: string, kind: Kind, version: Version, folder: URL): Promise<void> {
  const server = await startUwsgi({ ...kind.options, version });
  try {
    await kind.before?.(server);
    await sleep(SETTLES);
    const target = kind.stats ? join(server.folder, kind.stats) : server.target;
    for (const read of [1, 2]) {
      const next = sleep(APART);
      const bytes = await bytesOf(target, kind.options.statsHttp ?? false);
      if (bytes.length === 0) throw new Error(`${name} has no stats:\n${server.log()}`);
      writeFileSync(new URL(`${name}.${read}.stats`, folder), bytes);
      if (read === 1) await kind.between?.(server);
      await next;
    }
  } finally {
    await server.stop();
  }
}

/** Reads the bytes of a stats server without the code under test. */
async function bytesOf(target: string, http: boolean): Promise<Buffer> {
  const [host = '', port] = target.split(/:(?=\d+$)/);
  const to = port ? { host: host.replace(/[[\]]/g, ''), port: Number(port) } : { path: target };
  const socket = connect(to);
  if (http) socket.write('GET / HTTP/1.0\r\n\r\n');
  return buffer(socket);
}
