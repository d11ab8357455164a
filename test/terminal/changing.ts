import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { Pty } from './pty.ts';

/** Seconds between two reads. */
const INTERVAL = 0.1;

const WORKERS = 40;

export interface Changing {
  address: string;
  readonly reads: number;
}

/** A stats server in which every number is another one at each read, so that a frame is as much as it can be. */
export async function changing(): Promise<Changing> {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-slow-'));
  const address = join(folder, 'stats');
  let reads = 0;
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    reads += 1;
    socket.on('error', () => socket.destroy());
    socket.end(documentOf(reads));
  });
  await once(server.listen(address), 'listening');
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return {
    address,
    get reads() {
      return reads;
    },
  };
}

/** REQ in the header is 40 times the number of the read, and more. */
function documentOf(read: number): string {
  const workers = Array.from({ length: WORKERS }, (_, place) => ({
    id: place + 1,
    pid: 1000 + place,
    requests: read * (place + 1),
    exceptions: read,
    status: (read + place) % 2 ? 'busy' : 'idle',
    rss: 2 ** 20 * (100 + ((read * 37 + place) % 800)),
    vsz: 2 ** 21 * (100 + ((read * 41 + place) % 800)),
    running_time: read * 1000 * (place + 1),
    avg_rt: 1000 + ((read * 379 + place) % 90_000),
    tx: read * 1000 * (place + 7),
    last_spawn: 1,
    respawn_count: 1,
    cores: [],
  }));
  return JSON.stringify({ version: '2.0.21', pid: 999, workers });
}

const requestsOf = (read: number) => (read * WORKERS * (WORKERS + 1)) / 2;

/** The number of the read that a screen shows. */
export function shown(screen: string): number {
  const [, requests = ''] = /\bREQ ([\d,.]+[kMG]?)/.exec(screen) ?? [];
  return Math.round(Number(requests.replaceAll(',', '')) / requestsOf(1));
}

/** A view in a terminal that shows what it is told, and then is not read any more. */
export async function unread(env: NodeJS.ProcessEnv = {}) {
  const server = await changing();
  const pty = await Pty.start(200, 50, ['--interval', String(INTERVAL), server.address], env);
  await pty.screen.untilText(/^RPS +\d/m);
  pty.tell({ reading: false });
  return { server, pty };
}

/** More reads than there is room for their frames in a terminal that nobody reads. */
export const MANY = 60;

/** Waits until it has read so often, or as long as that takes: it would be stuck by then, if it could be. */
export async function settle(server: Changing): Promise<void> {
  const enough = server.reads + MANY;
  for (let turn = 0; turn < MANY && server.reads < enough; turn += 1) await sleep(INTERVAL * 1000);
}
