import type { HostReading, ProcessReading } from '../../src/host/reading.ts';

/** A process of which the kernel knows next to nothing. */
export function processReading(pid: number, rss: number): ProcessReading {
  return {
    pid,
    clock: 0,
    cpuTime: 1,
    cpu: 0.5,
    rss,
    threads: 1,
    state: 'S',
    started: 0,
    voluntarySwitches: null,
    involuntarySwitches: null,
    files: null,
  };
}

/** What the kernel knows of a server without workers, but for what is given. */
export function hostReading(given: Partial<HostReading> = {}): HostReading {
  return {
    clock: 0,
    master: processReading(100, 1),
    processes: new Map(),
    queues: new Map(),
    machine: { processors: 4, memory: 1e9, available: null, load: null },
    harakiri: null,
    ...given,
  };
}
