/**
 * What requests took of the time of the cores, where their running time says too little: uWSGI adds it when a request
 * ends. `null` is unknown.
 */
export interface Work {
  /** Seconds that the requests in flight had run at the beginning of an interval, at least. */
  begun: number | null;
  /** Seconds that the requests in flight have run at its end, at most. */
  open: number | null;
  /** Seconds that requests had run which ended with their process, at most: they add no running time. */
  cut: number | null;
  /** Seconds that all cores had, those of workers that run. */
  cores: number | null;
}

/** What happened besides the requests; in the order of their weight. */
export const MARKS = ['lost', 'reset', 'harakiri', 'respawn'] as const;
export type Mark = (typeof MARKS)[number];

/** What is kept of the samples of some seconds. Sums, so that points can be put together; `null` is unknown. */
export interface Point {
  /** Unix seconds: the end of what it covers. */
  time: number;
  /** Seconds that it covers; 0 before there is an interval. */
  seconds: number;
  requests: number | null;
  /** Requests that `runningTime` covers: without static files. */
  timedRequests: number | null;
  /** Seconds of running time of the requests that ended. */
  runningTime: number | null;
  /** Time of requests that `runningTime` does not cover. */
  work: Work;
  /** Bytes sent. */
  tx: number | null;
  exceptions: number | null;
  /** Answers that could not be written. */
  writeErrors: number | null;
  harakiris: number | null;
  respawns: number | null;
  /**
   * Cores in a request, of those that run, 0 to 1: the mean of the readings. `null` with stats-no-cores: a worker is busy
   * from its first request on, and how many more it can take is unknown.
   */
  busy: number | null;
  /** The longest that was seen. */
  queue: number | null;
  /** TCP connections that the kernel refused because a queue was full. */
  refused: number | null;
  /** Bytes of resident memory of all workers, as last seen. */
  memory: number | null;
  /** Workers that did not run: the most that were seen. */
  cheap: number;
  /** Some did not, here or at any time before. */
  hadCheap: boolean;
  /** A reload waited for requests (`isReloading`): in all readings. */
  reloading: boolean;
  marks: readonly Mark[];
}

/** The same of each of the first workers (`MOST_WORKERS`), in the order of the document; NaN is unknown. */
export interface WorkerPoint {
  requests: Float32Array;
  timedRequests: Float32Array;
  runningTime: Float32Array;
  memory: Float32Array;
  /** The process that had this memory; 0 is none. */
  pid: Uint32Array;
}

/** A point that has the workers too. */
export interface CoarsePoint extends Point {
  workers: WorkerPoint;
}
