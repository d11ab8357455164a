import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createHost, type Host } from '../../src/host/host.ts';
import type { HostReading, ProcessReading } from '../../src/host/reading.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { type Reader, readerOf } from '../lab/reader.ts';

/** A real server, and the readings of its host. */
export interface Watched {
  reader: Reader;
  host: Host;
  /** Reads the document, and then the host. */
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
      return { snapshot, reading: await host.read(snapshot, SYSTEM_CLOCK.monotonic()) };
    },
  };
}

/** Reads a server whose host reading must succeed. @throws Error if it does not */
export async function known(server: Watched): Promise<{ snapshot: AppSnapshot; reading: HostReading }> {
  const { snapshot, reading } = await server.read();
  if (reading === null) throw new Error('no host reading');
  return { snapshot, reading };
}

/** The process of a worker. @throws Error if the worker has no process */
export async function workerOf(server: Watched, id = 1): Promise<ProcessReading> {
  const found = (await known(server)).reading.processes.get(id);
  if (found === undefined) throw new Error(`no process of worker ${id}`);
  return found;
}

/** The value of a field of `ps` for a process. */
export function ps(pid: number, field: string): string {
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', `${field}=`], { encoding: 'utf8' });
  return stdout.trim();
}

/** CPU seconds of all threads of a process, with nanosecond precision. */
export function cpuTimeOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => {
    const [nanoseconds = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1e9;
  }, 0);
}

/** Queue and limit of one listener, as `ss` prints them with this filter. */
export function ss(...filter: string[]): { queue: number; limit: number } {
  const { stdout } = spawnSync('ss', ['-lnH', ...filter], { encoding: 'utf8' });
  const [, queue, limit] = /LISTEN +(\d+) +(\d+)/.exec(stdout) ?? [];
  return { queue: Number(queue), limit: Number(limit) };
}
