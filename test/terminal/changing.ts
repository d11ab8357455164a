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

/** Starts a stats server whose numbers all change at each read, so that each frame is as large as possible. */
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

/** Builds a document; the exceptions of each worker are the number of the read. */
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

/** Returns the number of the read that a screen shows: the exceptions of each worker. */
export function shown(screen: string): number {
  const lines = screen.split('\n');
  const heading = lines.findIndex((line) => /^ *WID/.test(line));
  const end = (lines[heading]?.indexOf(' EXC') ?? 0) + ' EXC'.length;
  const [digits = ''] = /[\d,]+$/.exec(lines[heading + 1]?.slice(0, end) ?? '') ?? [];
  return Number(digits.replaceAll(',', ''));
}

/** Starts a live view and stops reading its terminal once the view shows its first rate. */
export async function unread(env: NodeJS.ProcessEnv = {}) {
  const server = await changing();
  const pty = await Pty.start(200, 50, ['--interval', String(INTERVAL), server.address], env);
  await pty.screen.untilText(/^RPS +\d/m);
  pty.tell({ reading: false });
  return { server, pty };
}

/** More reads than frames that fit into a terminal that is not read. */
export const MANY = 60;

/** Waits for `MANY` more reads, or for the time that they take: a view that can block is blocked by then. */
export async function settle(server: Changing): Promise<void> {
  const enough = server.reads + MANY;
  for (let turn = 0; turn < MANY && server.reads < enough; turn += 1) await sleep(INTERVAL * 1000);
}
