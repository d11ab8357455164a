/**
 * Core time of requests that the running time does not show correctly: uWSGI adds running time only when a request
 * ends. `null` is unknown.
 */
export interface Work {
  /** Seconds that the requests in flight at the start of the interval had run until then (lower bound). */
  begun: number | null;
  /** Seconds that the requests in flight at the end of the interval have run until then (upper bound). */
  open: number | null;
  /**
   * Seconds of the requests that ended because their process ended (upper bound). uWSGI adds no running time for them.
   */
  cut: number | null;
  /** Core time available: the cores of the workers that serve requests, times the seconds. */
  cores: number | null;
}

/** Events other than requests, most important first. A finding is marked where it began. */
export const MARKS = ['lost', 'reset', 'harakiri', 'respawn', 'finding', 'cheaper'] as const;
export type Mark = (typeof MARKS)[number];

/** A summary of the samples of some seconds. Most values are sums, so that points can be merged; `null` is unknown. */
export interface Point {
  /** End of the time that the point covers, in Unix seconds. */
  time: number;
  /** Seconds that the point covers; 0 for a first reading, which has no interval. */
  seconds: number;
  requests: number | null;
  /** Requests that `runningTime` covers: all but static files. */
  timedRequests: number | null;
  /** Running time of the requests that ended, in seconds. */
  runningTime: number | null;
  /** Core time that `runningTime` does not cover. */
  work: Work;
  /** Bytes sent. */
  tx: number | null;
  exceptions: number | null;
  /** Number of responses that could not be written. */
  writeErrors: number | null;
  harakiris: number | null;
  respawns: number | null;
  /**
   * Mean share of cores in a request, 0 to 1, among the cores of workers that serve requests. `null` with
   * `stats-no-cores`: a worker is then busy from its first request on, and its free capacity is unknown.
   */
  busy: number | null;
  /** Highest queue length seen. */
  queue: number | null;
  /** Number of TCP connections that the kernel refused because a queue was full. */
  refused: number | null;
  /** Resident memory of all workers when last known, in bytes. */
  memory: number | null;
  /** Highest number of cheap workers seen (uWSGI's `cheaper`). */
  cheap: number;
  /** Whether there were cheap workers at this point or earlier, since the last reset. */
  hadCheap: boolean;
  /** Whether a reload waited for requests (`isReloading`) in all readings. */
  reloading: boolean;
  marks: readonly Mark[];
}

/** The same numbers for each of the first workers (`MOST_WORKERS`), in the order of the document; NaN is unknown. */
export interface WorkerPoint {
  requests: Float32Array;
  timedRequests: Float32Array;
  runningTime: Float32Array;
  memory: Float32Array;
  /** The process that `memory` refers to; 0 if the worker has none. */
  pid: Uint32Array;
}

/** A point with the numbers of each worker. */
export interface CoarsePoint extends Point {
  workers: WorkerPoint;
}
