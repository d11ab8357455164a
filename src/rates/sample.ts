import type { HostReading } from '../host/reading.ts';
import type {
  AppSnapshot,
  Core,
  EmperorSnapshot,
  RouterNode,
  RouterSnapshot,
  Snapshot,
  StaticNode,
  Worker,
} from '../stats/snapshot.ts';
import type { LongKind } from './long.ts';

/** A snapshot and when it was taken. */
export interface Reading {
  snapshot: Snapshot;
  /** Unix seconds: what the document's instants are compared with. */
  time: number;
  /** See `WritingTime`; absent: it is exact. */
  timeIsExact?: boolean;
  /** The document comes from a file or from standard input; absent: from a server. */
  saved?: boolean;
  /** Seconds of a clock that is never set: what rates are computed with. */
  clock: number;
  /** Seconds by which `clock` can be wrong; absent: 0. */
  clockError?: number;
  /** What this machine's kernel knows of the same server, if it runs here. */
  host?: HostReading | null;
}

/**
 * A snapshot and what changed since the one before. Every `...Delta`, rate and share of the interval is `null`
 * in a first sample, after a reset, and where one of the two snapshots does not know the counter.
 *
 * What is of the snapshot stays in it, and samples point to it: copying hundreds of workers costs more than reading
 * the document did.
 */
export type Sample = AppSample | EmperorSample | RouterSample;

interface Common {
  /** The target, as it was given. */
  target: string;
  /** Unix seconds. */
  time: number;
  /** See `WritingTime`. */
  timeIsExact: boolean;
  /** The document comes from a file or from standard input. */
  saved: boolean;
  /**
   * Seconds since the previous reading; `null` in a first sample, and where the times of the two readings are too
   * uncertain for a rate.
   */
  interval: number | null;
  /** Counters went back or belong to other processes: nothing can be said of this interval. */
  reset: boolean;
}

export interface AppSample extends Common {
  kind: 'app';
  snapshot: AppSnapshot;
  /** The snapshot that it is compared with; `null` where nothing can be said. */
  before: AppSnapshot | null;
  /** What this machine's kernel knows; `null` where it is not proved that the server runs here. */
  host: HostReading | null;
  totals: Totals;
  /** The busy cores whose requests are long on purpose. */
  long: ReadonlyMap<Core, LongKind>;
  /** In the order of the snapshot. */
  workers: WorkerSample[];
}

/** What can be said of the requests of a worker, and of a core. */
export interface RequestRates {
  requestsDelta: number | null;
  /** Requests per second. */
  rps: number | null;
  /** Of all requests of the server, 0 to 1. */
  share: number | null;
  /** Of the requests of this interval, 0 to 1. */
  intervalShare: number | null;
}

export interface WorkerSample extends RequestRates {
  worker: Worker;
  /** The same worker in the snapshot before; `null` where nothing can be said. */
  before: Worker | null;
  exceptionsDelta: number | null;
  harakirisDelta: number | null;
  respawnsDelta: number | null;
  /** Starts after the first one, over the worker's life. */
  respawns: number | null;
  /** Bytes per second. */
  txRate: number | null;
  /** Seconds of running time of the requests that ended in this interval. */
  runningTimeDelta: number | null;
  /** Requests of this interval that `runningTimeDelta` covers: static files are not timed (`rates/timed`). */
  timedRequestsDelta: number | null;
  /** Mean seconds of a timed request that ended in this interval. */
  responseTime: number | null;
}

/** Made by `coreSamples` where they are wanted: a server can have thousands of cores. */
export interface CoreSample extends RequestRates {
  core: Core;
}

/** Sums over the workers; `null` where one of them is unknown. */
export interface Totals {
  workers: number;
  busy: number;
  idle: number;
  /** Their application is still being loaded: they serve no requests yet. */
  loading: number;
  cheap: number;
  paused: number;
  /** Their process has ended, and no other one took its place yet. */
  down: number;
  /** In a uWSGI signal handler, or in a status this program does not know. */
  other: number;
  /** Of the workers that serve requests; `null` when the server does not list them (`stats-no-cores`). */
  cores: number | null;
  coresBusy: number | null;
  /** Of these, cores in a request that is long on purpose: WebSockets, event streams, what the user named. */
  coresLong: number | null;
  requests: number | null;
  requestsDelta: number | null;
  rps: number | null;
  /** As those of a worker. */
  runningTimeDelta: number | null;
  timedRequestsDelta: number | null;
  responseTime: number | null;
  exceptions: number | null;
  exceptionsDelta: number | null;
  harakiris: number | null;
  harakirisDelta: number | null;
  respawns: number | null;
  respawnsDelta: number | null;
  tx: number | null;
  txRate: number | null;
  /** Of the socket with the longest queue, as in `listen_queue`; `null` when all sockets are unix sockets. */
  queue: number | null;
  maxQueue: number | null;
  /**
   * TCP connections that the kernel refused in the interval because a queue was full, in the network namespace of the
   * server; `null` where this machine's kernel is not asked.
   */
  refusedDelta: number | null;
  /**
   * Seconds since the master was started, where the kernel of this machine tells it. Otherwise seconds since the start
   * of the first worker, until that is respawned.
   */
  uptime: number | null;
}

export interface EmperorSample extends Common {
  kind: 'emperor';
  snapshot: EmperorSnapshot;
}

export interface RouterSample extends Common {
  kind: 'router';
  snapshot: RouterSnapshot;
  /** Under their keys, in the order of the snapshot. */
  nodes: NodeSample[];
  staticNodes: StaticNodeSample[];
}

export interface NodeSample {
  /** Of the subscription. */
  key: string;
  node: RouterNode;
  requestsDelta: number | null;
  rps: number | null;
  txRate: number | null;
  rxRate: number | null;
}

export interface StaticNodeSample {
  node: StaticNode;
  hitsDelta: number | null;
  /** Hits per second. */
  hitRate: number | null;
}
