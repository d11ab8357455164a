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

/** A snapshot, with the time at which it was taken. */
export interface Reading {
  snapshot: Snapshot;
  /** Unix seconds, comparable with the times in the document. */
  time: number;
  /** See `WritingTime`; exact if absent. */
  timeIsExact?: boolean;
  /** Whether the document comes from a file or from standard input; from a server if absent. */
  saved?: boolean;
  /** Seconds of a monotonic clock, used for rates. */
  clock: number;
  /** Possible error of `clock` in seconds; 0 if absent. */
  clockError?: number;
  /** The data of this machine's kernel about the same server, if the server runs here. */
  host?: HostReading | null;
}

/**
 * A snapshot and its changes since the previous one. Every `...Delta`, every rate and every share of the interval is
 * `null` in a first sample, after a reset, and if either snapshot does not contain the counter.
 *
 * A sample refers to the data of its snapshot instead of copying it. Copying hundreds of workers would cost more than
 * parsing the document.
 */
export type Sample = AppSample | EmperorSample | RouterSample;

interface Common {
  /** The target, as the user gave it. */
  target: string;
  /** Unix seconds. */
  time: number;
  /** See `WritingTime`. */
  timeIsExact: boolean;
  /** Whether the document comes from a file or from standard input. */
  saved: boolean;
  /**
   * Seconds since the previous reading; `null` in a first sample, or if the times of the two readings are too uncertain
   * for a rate.
   */
  interval: number | null;
  /** Whether counters went back or belong to other processes. The changes in this interval are then unknown. */
  reset: boolean;
}

/** A sample of an app server. */
export interface AppSample extends Common {
  kind: 'app';
  snapshot: AppSnapshot;
  /** The snapshot to compare with; `null` in a first sample and after a reset. */
  before: AppSnapshot | null;
  /** The data of this machine's kernel; `null` unless it is proved that the server runs here. */
  host: HostReading | null;
  totals: Totals;
  /** The cores whose requests are long on purpose, each with the reason. */
  long: ReadonlyMap<Core, LongKind>;
  /** In the order of the snapshot. */
  workers: WorkerSample[];
}

/** Request rates of a worker, a core or the server. */
export interface RequestRates {
  requestsDelta: number | null;
  /** Requests per second. */
  rps: number | null;
  /** Share of all requests of the server, 0 to 1. */
  share: number | null;
  /** Share of the server's requests in this interval, 0 to 1. */
  intervalShare: number | null;
}

/** A worker and its changes in the interval. */
export interface WorkerSample extends RequestRates {
  worker: Worker;
  /** The same worker in the previous snapshot; `null` in a first sample, after a reset, and for a new worker. */
  before: Worker | null;
  exceptionsDelta: number | null;
  harakirisDelta: number | null;
  respawnsDelta: number | null;
  /** Starts of the worker after the first one. */
  respawns: number | null;
  /** Bytes per second. */
  txRate: number | null;
  /** Running time of the requests that ended in this interval, in seconds. */
  runningTimeDelta: number | null;
  /** Requests of this interval that `runningTimeDelta` covers. Static files are not timed (`rates/timed`). */
  timedRequestsDelta: number | null;
  /** Mean duration in seconds of the timed requests that ended in this interval. */
  responseTime: number | null;
}

/** The rates of a core. `coreSamples` computes them on demand, because a server can have thousands of cores. */
export interface CoreSample extends RequestRates {
  core: Core;
}

/** Sums over the workers; `null` if the value of any worker is unknown. */
export interface Totals {
  workers: number;
  busy: number;
  idle: number;
  /** Workers that are loading their application and serve no requests yet. */
  loading: number;
  cheap: number;
  paused: number;
  /** Workers whose process has ended and has not been replaced yet. */
  down: number;
  /** Workers in a uWSGI signal handler, or with a status that this program does not know. */
  other: number;
  /** Cores of the workers that serve requests; `null` if the server does not list cores (`stats-no-cores`). */
  cores: number | null;
  coresBusy: number | null;
  /** Number of cores in a request that is long on purpose: WebSockets, event streams, paths that the user set. */
  coresLong: number | null;
  requests: number | null;
  requestsDelta: number | null;
  rps: number | null;
  /** See `WorkerSample`. */
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
  /**
   * Length and limit of the longest queue with a known length. Otherwise `queue` is the document's `listen_queue`, and
   * `maxQueue` is `null`. `queue` is `null` if no length is known.
   */
  queue: number | null;
  maxQueue: number | null;
  /**
   * TCP connections that the kernel refused in the interval because a queue was full, in the network namespace of the
   * server. `null` if there is no data of this machine's kernel.
   */
  refusedDelta: number | null;
  /**
   * Seconds since the start of the master, if this machine's kernel reports it. Otherwise seconds since the start of
   * the first worker, and `null` once that worker has been respawned.
   */
  uptime: number | null;
}

/** A sample of an emperor. */
export interface EmperorSample extends Common {
  kind: 'emperor';
  snapshot: EmperorSnapshot;
}

/** A sample of a router. */
export interface RouterSample extends Common {
  kind: 'router';
  snapshot: RouterSnapshot;
  /** The nodes of all subscriptions, in the order of the snapshot. */
  nodes: NodeSample[];
  staticNodes: StaticNodeSample[];
}

/** A node of a subscription and its rates. */
export interface NodeSample {
  /** The key of the subscription. */
  key: string;
  node: RouterNode;
  requestsDelta: number | null;
  rps: number | null;
  txRate: number | null;
  rxRate: number | null;
}

/** A node from the command line of the router and its rates. */
export interface StaticNodeSample {
  node: StaticNode;
  hitsDelta: number | null;
  /** Hits per second. */
  hitRate: number | null;
}
