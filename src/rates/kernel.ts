import type { HostReading } from '../host/reading.ts';
import type { AppSnapshot } from '../stats/snapshot.ts';

/**
 * A snapshot with what the kernel knows in the places that uWSGI leaves open: the queues of unix sockets, the tasks
 * in the folders of spoolers, and the resident memory of workers without `memory-report`. What uWSGI says is never replaced.
 */
export function withKernel(snapshot: AppSnapshot, host: HostReading | null): AppSnapshot {
  if (host === null) return snapshot;
  return {
    ...snapshot,
    sockets: snapshot.sockets.map((socket) => {
      const known = socket.maxQueue === null ? host.queues.get(socket.name ?? '') : undefined;
      return known ? { ...socket, queue: known.queue, maxQueue: known.limit } : socket;
    }),
    spoolers: snapshot.spoolers.map((spooler) => ({
      ...spooler,
      waiting: host.spools.get(spooler.dir ?? '') ?? null,
    })),
    workers: snapshot.workers.some(({ rss }) => rss !== null)
      ? snapshot.workers
      : snapshot.workers.map((worker) => {
          const process = host.processes.get(worker.id);
          return process?.pid === worker.pid ? { ...worker, rss: process?.rss ?? null } : worker;
        }),
  };
}
