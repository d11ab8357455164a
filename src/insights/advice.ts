import type { AppSample } from '../rates/sample.ts';
import { processOf } from '../rates/with-host.ts';
import { plural } from '../text/words.ts';

/**
 * The command that ends a stuck worker, and its cost. SIGTERM ends the process at once, whatever its threads do
 * (`end_me` in core/uwsgi.c), and the master starts another one.
 *
 * Empty unless this machine's kernel confirms that the process is the worker. A document can contain any pid, and could
 * mislead root into killing that process.
 *
 * @param id number of the worker
 */
export function endWorker({ snapshot, host }: AppSample, id: number): string {
  const worker = snapshot.workers[id - 1];
  if (!worker || worker.pid === null || worker.pid <= 1) return '';
  if (processOf(worker, host) === null) return '';
  const requests = worker.cores.filter(({ inRequest }) => inRequest).length;
  const cost = requests > 0 ? ` and its ${plural(requests, 'request')}` : '';
  return ` kill -TERM ${worker.pid} ends worker ${id}${cost}; uWSGI then starts a new process.`;
}

/**
 * How to resume paused workers: with a second SIGTSTP (core/master.c). Contains the pid if this machine's kernel
 * confirms it.
 */
export function resumeWorkers({ snapshot, host }: AppSample): string {
  const { pid } = snapshot.server;
  const signal = host === null || pid === null ? 'send SIGTSTP to the master' : `run kill -TSTP ${pid}`;
  return `To resume the workers, ${signal} or write p to the master-fifo.`;
}

/** A common queue length of busy servers. */
const USUAL_QUEUE = 1024;

/**
 * How to make the queue longer. uWSGI does not start with a longer queue than the kernel allows (core/uwsgi.c). The
 * wording avoids the mask for secrets, which hides the text after an option as in a command line.
 */
export function longerQueue(limit: number): string {
  const next = longerLimit(limit);
  return ` listen = ${next} (now ${limit}) allows a longer queue; net.core.somaxconn must be ${next} or more (sysctl).`;
}

/** The next longer limit of a listen queue. */
export function longerLimit(limit: number): number {
  return Math.max(USUAL_QUEUE, 2 ** Math.ceil(Math.log2(limit + 1)));
}
