import type { AppSnapshot, Socket, Worker } from '../stats/snapshot.ts';
import { rate, ratio, sum } from './delta.ts';
import type { Totals, WorkerSample } from './sample.ts';
import { ageOf, type WritingTime } from './written.ts';

/** Sums over the workers of one sample. */
export function totals(
  snapshot: AppSnapshot,
  workers: readonly WorkerSample[],
  at: WritingTime & { interval: number | null },
): Totals {
  const counts = countStatuses(workers);
  const requestsDelta = sum(workers, (each) => each.requestsDelta);
  const runningTimeDelta = sum(workers, (each) => each.runningTimeDelta);
  const timedRequestsDelta = sum(workers, (each) => each.timedRequestsDelta);
  return {
    workers: workers.length,
    ...counts,
    ...countCores(workers),
    requests: sum(workers, ({ worker }) => worker.requests),
    requestsDelta,
    rps: rate(requestsDelta, at.interval),
    runningTimeDelta,
    timedRequestsDelta,
    responseTime: ratio(runningTimeDelta, timedRequestsDelta),
    exceptions: sum(workers, ({ worker }) => worker.exceptions),
    exceptionsDelta: sum(workers, (each) => each.exceptionsDelta),
    harakiris: sum(workers, ({ worker }) => worker.harakiris),
    harakirisDelta: sum(workers, (each) => each.harakirisDelta),
    respawns: sum(workers, (each) => each.respawns),
    respawnsDelta: sum(workers, (each) => each.respawnsDelta),
    tx: sum(workers, ({ worker }) => worker.tx),
    txRate: sum(workers, (each) => each.txRate),
    ...longestQueue(snapshot),
    uptime: uptime(snapshot.workers[0], at),
  };
}

/** A map, not an object: a status is text of the document, and could be `constructor`. */
const STATUS_COUNTS: ReadonlyMap<string, 'busy' | 'idle' | 'cheap' | 'paused'> = new Map([
  ['busy', 'busy'],
  ['idle', 'idle'],
  ['cheap', 'cheap'],
  ['pause', 'paused'],
]);

function countStatuses(workers: readonly WorkerSample[]) {
  const counts = { busy: 0, idle: 0, cheap: 0, paused: 0, other: 0 };
  for (const { worker } of workers) {
    const status = STATUS_COUNTS.get(worker.status) ?? 'other';
    // Its process is gone, and what it did with it.
    counts[!worker.alive && status !== 'cheap' ? 'other' : status] += 1;
  }
  return counts;
}

function countCores(workers: readonly WorkerSample[]): Pick<Totals, 'cores' | 'coresBusy'> {
  let cores = 0;
  let coresBusy = 0;
  for (const { worker } of workers) {
    if (!worker.alive) continue;
    cores += worker.cores.length;
    for (const core of worker.cores) if (core.inRequest) coresBusy += 1;
  }
  // Without any, the server does not tell of its cores (stats-no-cores), or nothing of it runs.
  return workers.length > 0 && cores === 0 ? { cores: null, coresBusy: null } : { cores, coresBusy };
}

/** As uWSGI itself sums up its queues (core/master.c, `get_tcp_info`): the longest one counts. */
function longestQueue({ sockets, listenQueue }: AppSnapshot): Pick<Totals, 'queue' | 'maxQueue'> {
  let longest: Socket | null = null;
  for (const socket of sockets)
    if (socket.queue !== null && socket.queue >= (longest?.queue ?? 0)) longest = socket;
  if (longest) return { queue: longest.queue, maxQueue: longest.maxQueue };
  // 0 from a server without TCP sockets means "not known".
  return { queue: listenQueue || null, maxQueue: null };
}

/**
 * The first worker is started with the server; as long as it is in its first life, that is the server's age.
 * Once it was respawned, the document no longer tells.
 */
function uptime(first: Worker | undefined, at: WritingTime): number | null {
  return first?.spawns === 1 ? ageOf(at, first.lastSpawn) : null;
}
