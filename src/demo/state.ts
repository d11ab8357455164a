import type { Route } from './routes.ts';

/** What a uWSGI master knows of itself at one instant: all that its document is made of. */
export interface ServerState {
  /** Seconds since the simulation began. Every instant in the state is of this clock. */
  time: number;
  /** The master's. */
  pid: number;
  /** Connections that no core has accepted, as the master last saw them: it looks once a second. */
  queue: number;
  maxQueue: number;
  /** Looks on which the master found no idle worker. */
  overloaded: number;
  workers: WorkerState[];
}

export interface WorkerState {
  /** Its place, from 1. The document says 0 until its process was started once. */
  readonly number: number;
  /** 0 while no process runs. */
  pid: number;
  accepting: boolean;
  /** Not needed at this load (`cheaper` mode). */
  cheap: boolean;
  /** It has served its `max-requests`: no new ones, and a new process once the last one has ended. */
  retiring: boolean;
  requests: number;
  /** Since the last start of its process. */
  deltaRequests: number;
  exceptions: number;
  harakiris: number;
  /** Bytes. */
  rss: number;
  vsz: number;
  tx: number;
  /** Microseconds of finished requests. */
  runningTime: number;
  /** Microseconds: at each request the half of what it was and of what the request took. */
  averageTime: number;
  lastSpawn: number;
  /** Starts; 0: never started. */
  spawns: number;
  /** Requests that the application was called for: counted when they begin, so those under way are in it. */
  appRequests: number;
  /** Cores with a request. */
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

/** Of the socket that the demo's application listens on: uWSGI's default. */
const MAX_QUEUE = 100;

/** A request that occupies a core. What it looks like is only written down when a document asks for it. */
export interface Request {
  /** Seconds of the simulation. */
  readonly start: number;
  readonly end: number;
  route: Route;
  readonly worker: WorkerState;
  readonly core: CoreState;
  /** Decides its URI, its client and their secrets. */
  readonly draw: number;
  /** It hangs: at its end the master kills the worker. */
  readonly stuck: boolean;
  /** Its worker was killed under it: it never ends. */
  lost: boolean;
}

/** A master that has started nothing yet. */
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

/** As uWSGI names it. */
export function statusOf(worker: WorkerState): 'cheap' | 'busy' | 'idle' {
  if (worker.cheap) return 'cheap';
  return worker.busy > 0 ? 'busy' : 'idle';
}
