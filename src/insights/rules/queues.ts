import { aboutRequest, socketId } from '../../rates/about.ts';
import { requestsInFlight } from '../../rates/in-flight.ts';
import type { AppSample, WorkerSample } from '../../rates/sample.ts';
import { isLoading, isReloading, isServing } from '../../rates/state.ts';
import { count } from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import { longerLimit, longerQueue, resumeWorkers } from '../advice.ts';
import { setting } from '../commands.ts';
import { type Rule, recent, span, total } from '../rule.ts';
import { whatOf } from '../words.ts';

/** Workers that have a process and are not cheap (uWSGI's `cheaper`). */
function runningWorkers({ workers }: AppSample): WorkerSample[] {
  return workers.filter(({ worker }) => worker.alive && worker.status !== 'cheap');
}

/** Whether a worker could take another request. With `stats-no-cores` only its status shows this. */
function hasRoom({ worker }: WorkerSample): boolean {
  if (!isServing(worker)) return false;
  const { cores, status } = worker;
  return cores.length === 0 ? status === 'idle' : cores.some(({ inRequest }) => !inRequest);
}

/** Whether each worker that serves requests uses only few of its cores. */
function areMostlyFree(running: readonly WorkerSample[]): boolean {
  const serving = running.filter(({ worker }) => isServing(worker));
  return serving.length > 0 && serving.every(isMostlyFree);
}

/** Whether a worker with many cores has few cores in a request, but at least one. */
function isMostlyFree({ worker: { cores } }: WorkerSample): boolean {
  const busy = cores.filter(({ inRequest }) => inRequest).length;
  return cores.length >= MANY_CORES && busy > 0 && busy <= cores.length * FEW;
}

/** Minimum number of cores that counts as many. */
const MANY_CORES = 4;
/** Largest share of the cores that counts as few. */
const FEW = 0.25;

const BLOCKED =
  'With gevent or asyncio, one request that does not yield blocks its whole worker: a long computation, or a blocking call without gevent-monkey-patch. Its Python stack (py-tracebacker) shows the current line. With threads, a reload that waits for a request looks the same.';

/** Advice about waiting connections, by the state of the server. The first matching state applies. */
const STATES: readonly (readonly [
  is: (sample: AppSample, running: readonly WorkerSample[]) => boolean,
  advice: string | ((sample: AppSample) => string),
])[] = [
  [
    (_, running) => running.length === 0,
    'No worker is running, so no connection is accepted. See the log for the reason; cheaper starts workers on demand.',
  ],
  [
    ({ snapshot }) => isReloading(snapshot.workers),
    'A reload or a stop waits for running requests, and the workers accept no connections until then. worker-reload-mercy = SECONDS limits the wait.',
  ],
  [
    (_, running) => running.every(({ worker }) => worker.status === 'pause'),
    (sample) => `The workers are paused. ${resumeWorkers(sample)}`,
  ],
  [
    (_, running) => running.every(({ worker }) => worker.accepting === false),
    'The workers accept no connections: their application is still loading, or it has disabled accepting.',
  ],
  [
    ({ host }, running) => running.every(({ worker }) => isStopped(host?.processes.get(worker.id)?.state)),
    'The worker processes are stopped (by SIGSTOP or a debugger). SIGCONT resumes them.',
  ],
  [(_, running) => areMostlyFree(running), BLOCKED],
  [
    (_, running) => running.some(({ worker }) => isLoading(worker)) && !running.some(hasRoom),
    'Some workers are still loading their application and accept no connections; see the log. All other workers are in a request.',
  ],
  [
    (sample, running) => running.some(hasRoom) && holderOf(sample) !== null,
    (sample) =>
      `Cores are free but do not accept: process ${holderOf(sample)} holds a lock, and the others may be waiting for it.`,
  ],
  [
    (_, running) => running.some(hasRoom),
    'Cores are free but do not accept. If this lasts, their workers wait for a lock or run code between requests. The Python stack of a worker (py-tracebacker) shows the current line; the log may show more.',
  ],
];

/** T: stopped by a signal; t: stopped by a debugger (proc_pid_stat(5)). */
function isStopped(state: string | undefined): boolean {
  return state === 'T' || state === 't';
}

/**
 * The pid of a process that holds a lock; `null` if there is none. The lock `thunder` is ignored, because idle workers
 * wait for connections under it.
 */
function holderOf({ snapshot: { locks } }: AppSample): number | null {
  return locks.find(({ name, holder }) => holder !== null && name !== 'thunder')?.holder ?? null;
}

const QUEUE_ADVICE =
  'Long requests occupy the cores, or there are too few cores. More processes or threads serve more requests at a time.';

const queue: Rule = {
  name: 'queue',
  rank: 1,
  measures: 'waiting connections as a share of the queue limit, 0 to 1',
  levels: { warning: 0.1, critical: 0.8 },
  holds: 3,
  clears: 10,
  overAt: 0,
  advice: `${QUEUE_ADVICE} A full queue refuses clients; listen = NUMBER sets its limit. If cores are free but do not accept, the advice names the reason.`,
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const { queue, maxQueue, cores, coresBusy } = sample.totals;
    if (queue === null || !maxQueue) return [];
    const running = runningWorkers(sample);
    const state = STATES.find(([is]) => is(sample, running));
    const [, advice = `${QUEUE_ADVICE}${longerQueue(maxQueue)}`] = state ?? [];
    const longest = sample.snapshot.sockets.find(
      (each) => each.queue === queue && each.maxQueue === maxQueue,
    );
    const free = cores === null || coresBusy === null ? 0 : cores - coresBusy;
    const what = queue >= maxQueue ? 'listen queue full' : 'listen queue filling';
    const idle = free > 0 ? `; ${free} of ${plural(cores ?? 0, 'core')} free` : '';
    return [
      {
        level: queue / maxQueue,
        about: { view: 'sockets', row: longest ? socketId(longest) : null },
        text: `${what}: ${queue} waiting, limit ${maxQueue}${idle}`,
        advice: typeof advice === 'string' ? advice : advice(sample),
        command: state ? null : setting('listen', longerLimit(maxQueue)),
      },
    ];
  },
};

const blocked: Rule = {
  name: 'blocked',
  measures: `connections that wait in four or more readings in a row, while every running worker uses few of its cores (of ${MANY_CORES} or more, at most a quarter)`,
  levels: { warning: 1, critical: null },
  holds: 5,
  // Connections wait briefly in a healthy server too, and the kernel's queue length can be 2 s old.
  readings: 4,
  clears: 0,
  advice: BLOCKED,
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const running = runningWorkers(sample);
    const { queue } = sample.totals;
    if (!queue || !areMostlyFree(running)) return [];
    const { coresBusy, cores } = sample.totals;
    const [oldest] = requestsInFlight(sample);
    const what = oldest ? `, oldest request on ${whatOf(oldest)}` : '';
    return [
      {
        level: queue,
        about: oldest ? aboutRequest(oldest) : null,
        text: `${plural(queue, 'connection')} waiting, only ${coresBusy} of ${plural(cores, 'core')} busy${what}`,
      },
    ];
  },
};

const queueErrors: Rule = {
  name: 'queue-errors',
  measures:
    'times that the server found a listen queue full since its start (listen_queue_errors). uWSGI up to 2.1 never counts them: 0 means nothing',
  levels: { warning: 1, critical: null },
  holds: 0,
  clears: 0,
  advice:
    'Clients were refused or had to retry. listen = NUMBER allows a longer queue; more processes or threads serve more requests.',
  observe({ sample }) {
    if (sample.kind !== 'app' || sample.snapshot.listenQueueErrors === null) return [];
    const level = sample.snapshot.listenQueueErrors;
    const text = `listen queue full ${plural(level, 'time')} since the start`;
    return [{ level, about: { view: 'sockets', row: null }, text }];
  },
};

/** Seconds for which refused connections count. */
const REFUSED_SECONDS = 60;

const listenZero: Rule = {
  name: 'listen-zero',
  measures: `1 for a socket with a listen queue of length 0, plus the number of TCP connections that the kernel refused in ${REFUSED_SECONDS} seconds because a queue was full`,
  levels: { warning: 1, critical: 2 },
  holds: 0,
  clears: 0,
  advice:
    'Set listen = NUMBER. uWSGI reads any other text as 0: it does not expand listen = $(NAME) or listen = @(FILE).',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const [first, ...others] = sample.snapshot.sockets.filter(({ maxQueue }) => maxQueue === 0);
    if (!first) return [];
    const points = recent(history, REFUSED_SECONDS);
    const refused = total(points, (point) => point.refused);
    const more = others.length > 0 ? ` and ${plural(others.length, 'other')}` : '';
    const wait = first.queue ? `, ${plural(first.queue, 'connection')} waiting` : '';
    return [
      {
        level: 1 + refused,
        about: { view: 'sockets', row: socketId(first) },
        command: setting('listen', longerLimit(0)),
        text: `listen queue length 0 on socket ${first.name}${more}${wait}; ${refusals(sample, refused, span(points), first.name)}`,
      },
    ];
  },
};

/**
 * What the kernel reports about refused connections. It counts all TCP sockets in the network namespace of the server.
 */
function refusals({ host }: AppSample, refused: number, time: string, name: string | null): string {
  if (!name?.includes(':') && refused === 0)
    return 'the kernel does not count refused connections of unix sockets (EAGAIN)';
  const overflows = host?.listenOverflows ?? null;
  if (overflows === null) return 'number of refused connections unknown';
  const recently = refused === 0 ? '' : ` in ${time}, ${count(overflows)}`;
  const connections = plural(refused || overflows, 'TCP connection');
  return `the kernel refused ${connections}${recently} since boot (ListenOverflows of the server's network namespace)`;
}

/** Rules about the queues of connections that wait to be accepted. */
export const QUEUE_RULES: readonly Rule[] = [queue, blocked, queueErrors, listenZero];
