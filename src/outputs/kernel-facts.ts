import type { HostReading, ProcessReading } from '../host/reading.ts';
import type { AppSample } from '../rates/sample.ts';
import { processOf, queueSource } from '../rates/with-host.ts';
import type { Fact } from './report.ts';

/** A group of values that the kernel may provide: how many of how many are known, and why others are not. */
interface Group {
  name: string;
  count(sample: AppSample, host: HostReading): readonly [known: number, all: number];
  why: string;
}

/** The permission of a debugger (ptrace(2)). A server that drops the privileges of root was started by root. */
export const NEEDS_RIGHTS = 'this needs root, or the user who started the server';

const GROUPS: readonly Group[] = [
  {
    name: 'workers: CPU, state',
    count: ({ snapshot }, host) => {
      const running = snapshot.workers.filter(({ pid }) => pid !== null);
      return [running.filter((worker) => processOf(worker, host) !== null).length, running.length];
    },
    why: 'the other processes have ended, or have another parent or start than in the document',
  },
  { name: 'processes: memory', count: ofProcesses(({ rss }) => rss), why: 'the other processes have ended' },
  {
    name: 'processes: open files',
    count: ofProcesses(({ files }) => files),
    why: `before Linux 6.2, ${NEEDS_RIGHTS}`,
  },
  {
    name: 'worker: USS, PSS',
    count: (_, { processes }) => {
      const all = [...processes.values()].slice(0, 1);
      return [all.filter(({ memory }) => memory !== null).length, all.length];
    },
    why: NEEDS_RIGHTS,
  },
  {
    name: 'queues of sockets',
    count: ({ snapshot: { sockets } }, host) => [
      sockets.filter((socket) => queueSource(socket, host) !== null).length,
      sockets.length,
    ],
    why: 'this needs ss, a socket of the master, and a name that no other socket of the document has',
  },
  {
    name: 'refused connections',
    count: (_, { listenOverflows }) => [listenOverflows === null ? 0 : 1, 1],
    why: '/proc/PID/net/netstat has no ListenOverflows, or cannot be read',
  },
  {
    name: 'tasks of spoolers',
    count: ({ snapshot }, host) => [
      snapshot.spoolers.filter(({ dir }) => dir !== null && host.spools.has(dir)).length,
      snapshot.spoolers.length,
    ],
    why: 'the folder is not on a local file system, or statstop or the server may not read it',
  },
  {
    name: 'machine: memory, load',
    count: (_, { resources: { available, load } }) => [
      [available, load].filter((value) => value !== null).length,
      2,
    ],
    why: '/proc/meminfo or /proc/loadavg lacks the value',
  },
];

/** Which values of the kernel are known for a server that is proved to run on this machine. */
export function kernelFacts(sample: AppSample): Fact[] {
  const { host } = sample;
  if (host === null) return [['kernel values', 'no: the processes ended, or changed, while they were read']];
  return [
    ...GROUPS.flatMap((group): Fact[] => {
      const [known, all] = group.count(sample, host);
      if (all === 0) return [];
      return [[group.name, known < all ? `${known} of ${all}: ${group.why}` : `${known} of ${all}`]];
    }),
    ['other children', `${host.children.size}, with ${commands(host)} command lines of their own`],
  ];
}

function ofProcesses(value: (process: ProcessReading) => unknown): Group['count'] {
  return (_, { master, processes, children }) => {
    const all = [master, ...processes.values(), ...children.values()];
    return [all.filter((each) => value(each) !== null).length, all.length];
  };
}

function commands({ children }: HostReading): number {
  return [...children.values()].filter(({ command }) => command !== null).length;
}
