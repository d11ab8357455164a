import type {
  AppSnapshot,
  Core,
  EmperorSnapshot,
  RouterNode,
  RouterSnapshot,
  Snapshot,
  StaticNode,
  Subscription,
  Worker,
} from '../stats/snapshot.ts';

/** A snapshot and when it was taken. */
export interface Reading {
  snapshot: Snapshot;
  /** Unix seconds: what the document's instants are compared with. */
  time: number;
  /** Seconds of a clock that is never set: what rates are computed with. */
  clock: number;
}

/**
 * A snapshot and what changed since the one before. Every `...Delta`, rate and share of the interval is `null`
 * in a first sample, after a reset, and where one of the two snapshots does not know the counter.
 */
export type Sample = AppSample | EmperorSample | RouterSample;

interface Common {
  /** The target, as it was given. */
  target: string;
  /** Unix seconds. */
  time: number;
  /** Seconds since the previous reading; `null` in a first sample. */
  interval: number | null;
  /** Counters went back or belong to other processes: nothing can be said of this interval. */
  reset: boolean;
}

export interface AppSample extends Common, Omit<AppSnapshot, 'workers'> {
  totals: Totals;
  workers: WorkerSample[];
}

export interface WorkerSample extends Omit<Worker, 'cores'> {
  requestsDelta: number | null;
  /** Requests per second. */
  rps: number | null;
  /** Of all requests of the server, 0 to 1. */
  share: number | null;
  /** Of the requests of this interval, 0 to 1. */
  intervalShare: number | null;
  exceptionsDelta: number | null;
  harakirisDelta: number | null;
  respawnsDelta: number | null;
  /** Starts after the first one, over the worker's life. */
  respawns: number | null;
  /** Bytes per second. */
  txRate: number | null;
  /** Seconds of running time of the requests that ended in this interval. */
  runningTimeDelta: number | null;
  /** Seconds a request took: running time over requests, of those that ended in this interval. */
  responseTime: number | null;
  cores: CoreSample[];
}

export interface CoreSample extends Core {
  requestsDelta: number | null;
  rps: number | null;
  share: number | null;
  intervalShare: number | null;
}

/** Sums over the workers; `null` where one of them is unknown. */
export interface Totals {
  workers: number;
  busy: number;
  idle: number;
  cheap: number;
  paused: number;
  /** In a uWSGI signal handler, or in a status this program does not know. */
  other: number;
  cores: number;
  coresBusy: number;
  requests: number | null;
  requestsDelta: number | null;
  rps: number | null;
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
  /** Seconds since the server's start or last full reload, where the document can tell. */
  uptime: number | null;
}

export interface EmperorSample extends Common, EmperorSnapshot {}

export interface RouterSample extends Common, Omit<RouterSnapshot, 'subscriptions' | 'staticNodes'> {
  subscriptions: (Omit<Subscription, 'nodes'> & { nodes: RouterNodeSample[] })[];
  staticNodes: (StaticNode & { hitsDelta: number | null; hitRate: number | null })[];
}

export interface RouterNodeSample extends RouterNode {
  requestsDelta: number | null;
  rps: number | null;
  txRate: number | null;
  rxRate: number | null;
}
