import type { Route } from './routes.ts';

/** The state of a uWSGI master at one instant: everything that its document is made from. */
export interface ServerState {
  /** Seconds since the start of the simulation. All timestamps in the state use this clock. */
  time: number;
  /** Pid of the master. */
  pid: number;
  /** Connections that no core has accepted. Like uWSGI, the master updates it once per second. */
  queue: number;
  maxQueue: number;
  /** Number of checks at which the master found no idle worker. */
  overloaded: number;
  workers: WorkerState[];
}

export interface WorkerState {
  /** Its number, from 1. The document has 0 until its process was first started. */
  readonly number: number;
  /** 0 while no process runs. */
  pid: number;
  accepting: boolean;
  /** Not needed at this load (`cheaper` mode). */
  cheap: boolean;
  /** It has reached its `max-requests`. It accepts no new requests, and its process is replaced after the last one. */
  retiring: boolean;
  requests: number;
  /** Requests since the last start of its process. */
  deltaRequests: number;
  exceptions: number;
  harakiris: number;
  /** Bytes. */
  rss: number;
  vsz: number;
  tx: number;
  /** Total duration of finished requests, in microseconds. */
  runningTime: number;
  /** Microseconds. Each request sets it to the mean of the previous value and the duration of the request. */
  averageTime: number;
  lastSpawn: number;
  /** Number of starts; 0: never started. */
  spawns: number;
  /** Requests for which the application was called. Counted at their start, so requests in flight are included. */
  appRequests: number;
  /** Number of cores with a request. */
  busy: number;
  readonly cores: CoreState[];
}

export interface CoreState {
  requests: number;
  staticRequests: number;
  writeErrors: number;
  exceptions: number;
  request: Request | null;
}

/** Queue limit of the socket of the demo's application: uWSGI's default. */
const MAX_QUEUE = 100;

/** A request that occupies a core. Its variables are generated only when a document is written. */
export interface Request {
  /** Seconds since the start of the simulation. */
  readonly start: number;
  readonly end: number;
  route: Route;
  readonly worker: WorkerState;
  readonly core: CoreState;
  /** Random bits that determine its URI, its client and their secrets. */
  readonly draw: number;
  /** It hangs. At its end, the master kills the worker. */
  readonly stuck: boolean;
  /** Its worker was killed during the request, so it never ends. */
  lost: boolean;
}

/** A master that has not started any worker. */
export function newServer(workers: number, cores: number, pid: number): ServerState {
  return {
    time: 0,
    pid,
    queue: 0,
    maxQueue: MAX_QUEUE,
    overloaded: 0,
    workers: Array.from({ length: workers }, (_, index) => newWorker(index + 1, cores)),
  };
}

/** A worker that was never started: all zeros, as in `cheaper` mode. */
export function newWorker(number: number, cores: number): WorkerState {
  return {
    number,
    pid: 0,
    accepting: false,
    cheap: true,
    retiring: false,
    requests: 0,
    deltaRequests: 0,
    exceptions: 0,
    harakiris: 0,
    rss: 0,
    vsz: 0,
    tx: 0,
    runningTime: 0,
    averageTime: 0,
    lastSpawn: 0,
    spawns: 0,
    appRequests: 0,
    busy: 0,
    cores: Array.from({ length: cores }, newCore),
  };
}

function newCore(): CoreState {
  return { requests: 0, staticRequests: 0, writeErrors: 0, exceptions: 0, request: null };
}

/** The worker's status, with uWSGI's names. */
export function statusOf(worker: WorkerState): 'cheap' | 'busy' | 'idle' {
  if (worker.cheap) return 'cheap';
  return worker.busy > 0 ? 'busy' : 'idle';
}
