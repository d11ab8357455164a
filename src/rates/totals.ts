import type { HostReading } from '../host/reading.ts';
import type { AppSnapshot, Socket, Worker } from '../stats/snapshot.ts';
import { rate, ratio, sum } from './delta.ts';
import type { Totals, WorkerSample } from './sample.ts';
import { isServing, stateOf, type WorkerState } from './state.ts';
import { ageOf, type WritingTime } from './written.ts';

/** Sums over the workers of one sample. @param at with what the kernel knows of the same server, and what is not of one worker */
export function totals(
  snapshot: AppSnapshot,
  workers: readonly WorkerSample[],
  at: WritingTime & {
    interval: number | null;
    long: number;
    refused: number | null;
    host: HostReading | null;
  },
): Totals {
  // The sum over no workers is 0, also in a first sample, in which no change is known.
  const gained = (number: (of: WorkerSample) => number | null) =>
    workers.length === 0 ? null : sum(workers, number);
  const requestsDelta = gained((each) => each.requestsDelta);
  const runningTimeDelta = gained((each) => each.runningTimeDelta);
  const timedRequestsDelta = gained((each) => each.timedRequestsDelta);
  return {
    workers: workers.length,
    ...countStates(workers),
    ...countCores(workers, at.long),
    requests: sum(workers, ({ worker }) => worker.requests),
    requestsDelta,
    rps: rate(requestsDelta, at.interval),
    runningTimeDelta,
    timedRequestsDelta,
    responseTime: ratio(runningTimeDelta, timedRequestsDelta),
    exceptions: sum(workers, ({ worker }) => worker.exceptions),
    exceptionsDelta: gained((each) => each.exceptionsDelta),
    harakiris: sum(workers, ({ worker }) => worker.harakiris),
    harakirisDelta: gained((each) => each.harakirisDelta),
    respawns: sum(workers, (each) => each.respawns),
    respawnsDelta: gained((each) => each.respawnsDelta),
    tx: sum(workers, ({ worker }) => worker.tx),
    txRate: gained((each) => each.txRate),
    ...longestQueue(snapshot),
    refusedDelta: at.refused,
    uptime: uptime(snapshot.workers[0], at.host, at),
  };
}

function countStates(workers: readonly WorkerSample[]): Record<WorkerState, number> {
  const counts = { busy: 0, idle: 0, loading: 0, cheap: 0, paused: 0, down: 0, other: 0 };
  for (const { worker } of workers) counts[stateOf(worker)] += 1;
  return counts;
}

function countCores(
  workers: readonly WorkerSample[],
  long: number,
): Pick<Totals, 'cores' | 'coresBusy' | 'coresLong'> {
  let cores = 0;
  let coresBusy = 0;
  let listed = 0;
  for (const { worker } of workers) {
    if (worker.alive) listed += worker.cores.length;
    if (!isServing(worker)) continue;
    cores += worker.cores.length;
    for (const core of worker.cores) if (core.inRequest) coresBusy += 1;
  }
  // Without any, the server does not tell of its cores (stats-no-cores), or nothing of it runs.
  if (workers.length > 0 && listed === 0) return { cores: null, coresBusy: null, coresLong: null };
  return { cores, coresBusy, coresLong: long };
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
 * Seconds since the master was started, where the kernel tells it. A full reload (SIGHUP) runs uWSGI anew in the same
 * process, so it does not begin a new uptime.
 *
 * Otherwise seconds since the first worker was started, which was with the server, or with its last full reload. The
 * document does not tell it once that worker has been respawned.
 */
function uptime(first: Worker | undefined, host: HostReading | null, at: WritingTime): number | null {
  if (host !== null) return ageOf(at, host.master.started);
  return first?.spawns === 1 ? ageOf(at, first.lastSpawn) : null;
}
