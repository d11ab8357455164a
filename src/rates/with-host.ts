import type { HostReading, ProcessReading } from '../host/reading.ts';
import type { AppSnapshot, Socket, Worker } from '../stats/snapshot.ts';
import { firstBy } from './first-by.ts';

/**
 * A snapshot with what the kernel knows: the queues of unix sockets and the tasks in the folders of spoolers, which
 * uWSGI leaves open, and the memory of workers. The kernel's value is current. uWSGI takes its own at the end
 * of a request with `memory-report`, so a new worker has none and an idle one has an old one.
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
      // The processes of a folder share its tasks: the first one has the number, so that a sum counts them once.
      waiting: folders.get(spooler.dir) === spooler ? (host.spools.get(spooler.dir ?? '') ?? null) : null,
    })),
    workers: snapshot.workers.map((worker) => {
      const process = processOf(worker, host);
      if (process === null) return worker;
      return { ...worker, rss: process.rss ?? worker.rss, vsz: process.vsz ?? worker.vsz };
    }),
  };
}

/** Who says how long the queue of a socket is, in a snapshot with what the kernel knows; `null` when nobody does. */
export function queueSource({ name, maxQueue }: Socket, host: HostReading | null): 'uwsgi' | 'kernel' | null {
  if (maxQueue === null) return null;
  // It is asked for none that uWSGI knows.
  return host?.queues.has(name ?? '') ? 'kernel' : 'uwsgi';
}

/** What the kernel knows of the process of a worker; `null` too when it was read of another one. */
export function processOf({ id, pid }: Worker, host: HostReading | null): ProcessReading | null {
  const known = host?.processes.get(id);
  return known && known.pid === pid ? known : null;
}
