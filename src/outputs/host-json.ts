import type { HostReading, ProcessReading } from '../host/reading.ts';
import { sum } from '../rates/delta.ts';

/** Returns, for JSON, the values of the kernel for the machine, and their sums over all processes of the server. */
export function hostParts(host: HostReading | null) {
  if (host === null) return null;
  const { processors, memory, available, load } = host.resources;
  const all = [host.master, ...host.processes.values()];
  return {
    processors,
    memory,
    available,
    load,
    cpu: sum(all, ({ cpu }) => cpu),
    rss: sum(all, ({ rss }) => rss),
    master: processParts(host.master),
  };
}

/** Returns, for JSON, the values of the kernel for one process. */
export function processParts(process: ProcessReading | null) {
  if (process === null) return null;
  const { cpu, cpuTime, rss, threads, files, voluntarySwitches, involuntarySwitches, state, started } =
    process;
  return { cpu, cpuTime, rss, threads, files, voluntarySwitches, involuntarySwitches, state, started };
}
