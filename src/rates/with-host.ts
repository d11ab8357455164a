import type { HostReading, ProcessReading } from '../host/reading.ts';
import type { AppSnapshot, Socket, Worker } from '../stats/snapshot.ts';
import { firstBy } from './first-by.ts';

/**
 * Completes a snapshot with the kernel's data: queues of unix sockets and tasks in spooler folders, which uWSGI does
 * not report, and memory of workers. The kernel's memory values are current. uWSGI updates its own at the end of a
 * request with `memory-report`, so a new worker has no value and an idle worker has an old one.
 */
export function withHost(snapshot: AppSnapshot, host: HostReading | null): AppSnapshot {
  if (host === null) return snapshot;
  const folders = firstBy(snapshot.spoolers, ({ dir }) => dir);
  return {
    ...snapshot,
    sockets: snapshot.sockets.map((socket) => {
      const known = socket.maxQueue === null ? host.queues.get(socket.name ?? '') : undefined;
      return known ? { ...socket, queue: known.queue, maxQueue: known.limit } : socket;
    }),
    spoolers: snapshot.spoolers.map((spooler) => ({
      ...spooler,
      // Processes of one folder share its tasks. Only the first process has the number, so that a sum counts the tasks
      // once.
      waiting: folders.get(spooler.dir) === spooler ? (host.spools.get(spooler.dir ?? '') ?? null) : null,
    })),
    workers: snapshot.workers.map((worker) => {
      const process = processOf(worker, host);
      if (process === null) return worker;
      return { ...worker, rss: process.rss ?? worker.rss, vsz: process.vsz ?? worker.vsz };
    }),
  };
}

/** The source of a socket's queue length in a snapshot from `withHost`; `null` if the length is unknown. */
export function queueSource({ name, maxQueue }: Socket, host: HostReading | null): 'uwsgi' | 'kernel' | null {
  if (maxQueue === null) return null;
  // The kernel is queried only for sockets for which the document has no queue length.
  return host?.queues.has(name ?? '') ? 'kernel' : 'uwsgi';
}

/** The kernel's data about the process of a worker; `null` if unknown, or if the data belong to another pid. */
export function processOf({ id, pid }: Worker, host: HostReading | null): ProcessReading | null {
  const known = host?.processes.get(id);
  return known && known.pid === pid ? known : null;
}
