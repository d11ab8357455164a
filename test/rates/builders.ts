import type { HostReading, ProcessReading } from '../../src/host/reading.ts';
import { coreSamples, sampleOf } from '../../src/rates/rates.ts';
import type { AppSample, CoreSample, Reading, Sample } from '../../src/rates/sample.ts';
import type { AppSnapshot, Core, Server, Snapshot, Socket, Worker } from '../../src/stats/snapshot.ts';

/** The time of the tests, in Unix seconds. */
export const NOW = 1_795_335_000;

export const SERVER: Server = { version: '2.0.21', pid: 100, uid: 0, gid: 0, cwd: '/srv' };

export function core(given: Partial<Core> = {}): Core {
  return {
    id: 0,
    requests: 10,
    staticRequests: 0,
    routedRequests: 0,
    offloadedRequests: 0,
    writeErrors: 0,
    readErrors: 0,
    inRequest: false,
    vars: [],
    requestStart: null,
    ...given,
  };
}

/** A worker that has served ten requests of 20 ms and 500 bytes. */
export function worker(given: Partial<Worker> = {}): Worker {
  return {
    id: 1,
    pid: 101,
    alive: given.pid !== null,
    status: 'idle',
    accepting: true,
    requests: 10,
    requestsSinceSpawn: 10,
    exceptions: 0,
    harakiris: 0,
    signals: 0,
    signalQueue: 0,
    rss: 64 * 2 ** 20,
    vsz: 256 * 2 ** 20,
    uss: null,
    pss: null,
    runningTime: 0.2,
    lastSpawn: NOW - 3600,
    spawns: 1,
    tx: 5000,
    averageResponseTime: 0.02,
    apps: [],
    cores: [core()],
    ...given,
  };
}

/** A worker that never ran, as a server with the cheaper subsystem lists it. */
export const NEVER_RAN: Worker = worker({
  pid: null,
  status: 'cheap',
  accepting: false,
  requests: 0,
  requestsSinceSpawn: 0,
  runningTime: 0,
  lastSpawn: null,
  spawns: 0,
  tx: 0,
  averageResponseTime: null,
  cores: [core({ requests: 0 })],
});

/** A server with these workers, numbered by their place. */
export function app(workers: Worker[], given: Partial<AppSnapshot> = {}): AppSnapshot {
  return {
    kind: 'app',
    server: SERVER,
    repaired: false,
    listenQueue: 0,
    listenQueueErrors: 0,
    signalQueue: 0,
    load: 0,
    workers: workers.map((each, place) => ({ ...each, id: place + 1 })),
    sockets: [],
    caches: [],
    spoolers: [],
    crons: [],
    daemons: [],
    locks: [],
    metrics: [],
    legions: [],
    ...given,
  };
}

export function socket(given: Partial<Socket>): Socket {
  return {
    name: ':80',
    proto: 'http',
    queue: null,
    maxQueue: null,
    shared: false,
    canOffload: false,
    ...given,
  };
}

/** The kernel's values of a process. */
export function processReading(given: Partial<ProcessReading> = {}): ProcessReading {
  return {
    pid: 101,
    clock: 50,
    cpuTime: 1,
    cpu: 0.5,
    rss: 4096,
    threads: 1,
    state: 'S',
    started: NOW - 3600,
    voluntarySwitches: null,
    involuntarySwitches: null,
    vsz: null,
    files: null,
    memory: null,
    ...given,
  };
}

/** The host reading of a server whose workers are these processes, numbered by their place. */
export function hostReading(workers: ProcessReading[] = [], given: Partial<HostReading> = {}): HostReading {
  return {
    clock: 50,
    master: processReading({ pid: 100, rss: 1024 }),
    processes: new Map(workers.map((each, place) => [place + 1, each])),
    children: new Map(),
    queues: new Map(),
    listenOverflows: null,
    spools: new Map(),
    resources: { processors: 4, memory: 1e9, available: null, load: null },
    ...given,
  };
}

/** The reading of a snapshot `seconds` after the tests began. */
export function reading(snapshot: Snapshot, seconds = 0): Reading {
  return { snapshot, time: NOW + seconds, clock: 50 + seconds };
}

/** The sample of `after`, read `seconds` after `before`. */
export function between(before: Snapshot | null, after: Snapshot, seconds = 2): Sample {
  return sampleOf('test', reading(after, seconds), before && reading(before));
}

/** Like `between`, for app servers. */
export function appBetween(before: Snapshot | null, after: AppSnapshot, seconds = 2): AppSample {
  const sample = between(before, after, seconds);
  if (sample.kind !== 'app') throw new Error(`an app's sample is of kind ${sample.kind}`);
  return sample;
}

/** The cores of the worker at `place`, from 0. */
export function coresOf(sample: AppSample, place: number): CoreSample[] {
  const worker = sample.workers[place];
  return worker ? coreSamples(sample, worker) : [];
}

const CHANGE = /Delta$|Rate$|^rps$|^intervalShare$|^responseTime$/;

/** Every value of a sample that refers to its interval, by path. */
export function changes(value: unknown, path = ''): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.entries(value).reduce<Record<string, unknown>>((found, [key, each]) => {
    const here = `${path}.${key}`;
    return Object.assign(found, CHANGE.test(key) ? { [here]: each } : changes(each, here));
  }, {});
}
