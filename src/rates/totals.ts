import type { HostReading } from '../host/reading.ts';
import type { AppSnapshot, Socket, Worker } from '../stats/snapshot.ts';
import { rate, ratio, sum } from './delta.ts';
import type { Totals, WorkerSample } from './sample.ts';
import { isServing, stateOf, type WorkerState } from './state.ts';
import { ageOf, type WritingTime } from './written.ts';

/**
 * Sums over the workers of one sample.
 *
 * @param at when the document was written, and values that do not belong to one worker: the interval, the number of
 * long requests, the refused connections and the kernel's data
 */
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
  // Without workers, the changes are `null`: `sum` would return 0 even for a first sample.
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
  // No running worker lists cores: the server has `stats-no-cores`, or no worker runs.
  if (workers.length > 0 && listed === 0) return { cores: null, coresBusy: null, coresLong: null };
  return { cores, coresBusy, coresLong: long };
}

/** The longest queue counts, as in uWSGI's own total (`get_tcp_info` in core/master.c). */
function longestQueue({ sockets, listenQueue }: AppSnapshot): Pick<Totals, 'queue' | 'maxQueue'> {
  let longest: Socket | null = null;
  for (const socket of sockets)
    if (socket.queue !== null && socket.queue >= (longest?.queue ?? 0)) longest = socket;
  if (longest) return { queue: longest.queue, maxQueue: longest.maxQueue };
  // A server without TCP sockets reports 0, which means "not known".
  return { queue: listenQueue || null, maxQueue: null };
}

/**
 * Seconds since the start of the master, if the kernel reports it. A full reload (SIGHUP) executes uWSGI again in the
 * same process, so the uptime continues.
 *
 * Otherwise seconds since the start of the first worker. It starts with the server, or with the last full reload.
 * `null` once that worker has been respawned, because the document then lacks the first start.
 */
function uptime(first: Worker | undefined, host: HostReading | null, at: WritingTime): number | null {
  if (host !== null) return ageOf(at, host.master.started);
  return first?.spawns === 1 ? ageOf(at, first.lastSpawn) : null;
}
