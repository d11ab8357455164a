import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createHost, type Host } from '../../src/host/host.ts';
import type { HostReading, ProcessReading } from '../../src/host/reading.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { type Reader, readerOf } from '../lab/reader.ts';

/** A real server, and what this machine knows of it. */
export interface Watched {
  reader: Reader;
  host: Host;
  /** Reads the document, and then what the machine knows. */
  read(): Promise<{ snapshot: AppSnapshot; reading: HostReading | null }>;
}

export function watched(target: string): Watched {
  const reader = readerOf(target);
  const host = createHost({ target: parseTarget(target) });
  return {
    reader,
    host,
    async read() {
      const { snapshot } = (await reader.app()).sample;
      return { snapshot, reading: await host.read(snapshot, performance.now() / 1000) };
    },
  };
}

/** What is known of a server that has to be known. @throws Error when nothing is */
export async function known(server: Watched): Promise<{ snapshot: AppSnapshot; reading: HostReading }> {
  const { snapshot, reading } = await server.read();
  if (reading === null) throw new Error('nothing is proved');
  return { snapshot, reading };
}

/** The process of a worker. @throws Error when there is none */
export async function workerOf(server: Watched, id = 1): Promise<ProcessReading> {
  const found = (await known(server)).reading.processes.get(id);
  if (found === undefined) throw new Error(`no process of worker ${id}`);
  return found;
}

/** What `ps` says of a process. */
export function ps(pid: number, field: string): string {
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', `${field}=`], { encoding: 'utf8' });
  return stdout.trim();
}

/** Seconds that the threads of a process have run, to the nanosecond. */
export function cpuTimeOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => {
    const [nanoseconds = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1e9;
  }, 0);
}

/** Queue and limit of a listener, as `ss` prints them when it is asked for that one. */
export function ss(...filter: string[]): { queue: number; limit: number } {
  const { stdout } = spawnSync('ss', ['-lnH', ...filter], { encoding: 'utf8' });
  const [, queue, limit] = /LISTEN +(\d+) +(\d+)/.exec(stdout) ?? [];
  return { queue: Number(queue), limit: Number(limit) };
}
