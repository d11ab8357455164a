/**
 * The typed content of one document. It is based on uWSGI's sources (core/master_utils.c, core/emperor.c,
 * plugins/corerouter/corerouter.c) and on real captures of 2.0.21.
 *
 * Conventions: `null` is unknown, 0 is zero. Durations are in seconds, sizes in bytes, and points in time in Unix
 * seconds.
 */
export type Snapshot = AppSnapshot | EmperorSnapshot | RouterSnapshot;

/** The process that wrote the document. */
export interface Server {
  version: string | null;
  /** Process id of the master, the emperor or the router. */
  pid: number | null;
  uid: number | null;
  gid: number | null;
  cwd: string | null;
}

interface Common {
  server: Server;
  /** Whether the repairing parser read the bytes, because they were not valid JSON or not valid UTF-8. */
  repaired: boolean;
}

/** An application server: a uWSGI master with workers. */
export interface AppSnapshot extends Common {
  kind: 'app';
  /** Waiting connections as the master counts them, for TCP sockets only. */
  listenQueue: number | null;
  /**
   * Intended for polls that found a full queue. No version counts it (2.0.21, 2.0.30, 2.1-dev), so 0 does not mean that
   * no queue was full.
   */
  listenQueueErrors: number | null;
  signalQueue: number | null;
  load: number | null;
  workers: Worker[];
  sockets: Socket[];
  caches: Cache[];
  spoolers: Spooler[];
  crons: Cron[];
  daemons: Daemon[];
  locks: Lock[];
  metrics: Metric[];
  legions: Legion[];
}

/** `sigN` means that a uWSGI signal handler runs. Unknown words of other versions are kept. */
export type WorkerStatus = string;

export interface Worker {
  /**
   * The position in the list, from 1. uWSGI writes id 0 for a worker that never ran, so the document's ids can repeat.
   */
  id: number;
  /** `null` while no process runs (cheap), or if the document has no pids. */
  pid: number | null;
  /** Whether a process runs. If the document has no pids, every worker that is not cheap counts as running. */
  alive: boolean;
  status: WorkerStatus;
  /** `null` before 2.0, whose documents do not have it. */
  accepting: boolean | null;
  /** Counted since the master's start or last full reload. A respawn does not reset it. */
  requests: number | null;
  /** Counted since this worker's last respawn. */
  requestsSinceSpawn: number | null;
  exceptions: number | null;
  harakiris: number | null;
  signals: number | null;
  signalQueue: number | null;
  /** `null` unless the server runs with `memory-report`. */
  rss: number | null;
  vsz: number | null;
  uss: number | null;
  pss: number | null;
  /** Seconds spent in finished requests, summed over all cores. */
  runningTime: number | null;
  lastSpawn: number | null;
  /** Number of starts of this worker. The first start counts, so 3 means two respawns. */
  spawns: number | null;
  tx: number | null;
  /** uWSGI's `avg_rt` in seconds: a mean with weight 1/2 for the last request, 1/4 for the one before, and so on. */
  averageResponseTime: number | null;
  apps: App[];
  cores: Core[];
}

export interface App {
  id: number | null;
  modifier1: number | null;
  mountpoint: string | null;
  /** Seconds that the application took to load: a duration, not a point in time (plugins/python/pyloader.c). */
  startupTime: number | null;
  requests: number | null;
  exceptions: number | null;
  chdir: string | null;
}

export interface Core {
  /** From 0. */
  id: number;
  requests: number | null;
  staticRequests: number | null;
  routedRequests: number | null;
  offloadedRequests: number | null;
  writeErrors: number | null;
  readErrors: number | null;
  inRequest: boolean;
  /** CGI variables of the request in flight as `NAME=value`, including secrets; empty if there is no request. */
  vars: readonly string[];
  /** Unix seconds; `null` if there is no request in flight, or if the document does not have the time. */
  requestStart: number | null;
}

export interface Socket {
  name: string | null;
  proto: string | null;
  /** `null` for unix sockets: uWSGI always writes 0 for both values. */
  queue: number | null;
  maxQueue: number | null;
  shared: boolean | null;
  canOffload: boolean | null;
}

export interface Cache {
  name: string | null;
  hash: string | null;
  hashSize: number | null;
  keySize: number | null;
  maxItems: number | null;
  blocks: number | null;
  blockSize: number | null;
  items: number | null;
  hits: number | null;
  misses: number | null;
  full: number | null;
  lastModified: number | null;
}

/** Maximum number of waiting tasks of a spooler to count. A result of this size means at least this number. */
export const MOST_TASKS = 10_000;

export interface Spooler {
  dir: string | null;
  pid: number | null;
  /**
   * Tasks that have ended since the spooler's start, including each try of failed tasks. The running task is not counted
   * (observed with 2.0.21).
   */
  tasks: number | null;
  /**
   * Task files in the folder, including the file of the running task; counted up to `MOST_TASKS`. Documents do not have
   * this number. The kernel of the server's machine reports it (`rates/with-host`).
   */
  waiting: number | null;
  respawns: number | null;
  running: boolean | null;
}

/** In the schedule fields, -1 means "every", and -N below -1 means "every N". */
export interface Cron {
  minute: number | null;
  hour: number | null;
  day: number | null;
  month: number | null;
  week: number | null;
  command: string | null;
  unique: boolean | null;
  legion: string | null;
  /** `null` while the job does not run. */
  pid: number | null;
  startedAt: number | null;
}

export interface Daemon {
  command: string | null;
  pid: number | null;
  /** `null`: uWSGI always writes 0. */
  respawns: number | null;
}

export interface Lock {
  name: string;
  /** Process id of the holder; `null` if the lock is free. */
  holder: number | null;
}

export interface Metric {
  name: string;
  /** An alias shows the value of another metric. */
  type: 'counter' | 'gauge' | 'absolute' | 'alias' | null;
  oid: string | null;
  value: number | null;
}

export interface Legion {
  name: string | null;
  address: string | null;
  uuid: string | null;
  valor: number | null;
  checksum: number | null;
  quorum: number | null;
  isLord: boolean | null;
  lordValor: number | null;
  lordUuid: string | null;
  nodes: string[];
  members: LegionMember[];
}

export interface LegionMember {
  name: string | null;
  uuid: string | null;
  valor: number | null;
  checksum: number | null;
  lastSeen: number | null;
}

/** An emperor, which starts and monitors vassals. */
export interface EmperorSnapshot extends Common {
  kind: 'emperor';
  /** What the emperor monitors to find vassals. */
  monitors: string[];
  tyrant: boolean | null;
  /** Seconds. */
  throttle: number | null;
  vassals: Vassal[];
  blacklist: BlacklistEntry[];
}

export interface Vassal {
  id: string;
  /** `null` while an on-demand vassal is not running. */
  pid: number | null;
  /** Modification time of its configuration when the emperor read it; not the vassal's start time. */
  born: number | null;
  lastModified: number | null;
  lastHeartbeat: number | null;
  loyal: boolean | null;
  ready: boolean | null;
  accepting: boolean | null;
  lastLoyal: number | null;
  lastReady: number | null;
  lastAccepting: number | null;
  firstRun: number | null;
  lastRun: number | null;
  /** When the emperor told the vassal to stop; otherwise `null`. */
  cursedAt: number | null;
  zerg: boolean | null;
  /** The socket that starts an on-demand vassal; `null` for other vassals. */
  onDemand: string | null;
  suspended: boolean | null;
  adopted: boolean | null;
  uid: number | null;
  gid: number | null;
  monitor: string | null;
  attributes: { name: string; value: string }[];
  /** Number of reloads. The process stays the same. */
  respawns: number | null;
}

export interface BlacklistEntry {
  id: string;
  /** Seconds from the last attempt until the next one is allowed. */
  throttle: number | null;
  /** Failed starts after the first one. */
  attempts: number | null;
  firstAttempt: number | null;
  lastAttempt: number | null;
}

/** An http, https, raw, ssl or fast router. */
export interface RouterSnapshot extends Common {
  kind: 'router';
  /** The key of its list of addresses: `http`, `fastrouter`, `rawrouter`, `sslrouter`. */
  plugin: string | null;
  addresses: string[];
  activeSessions: number | null;
  cheap: boolean | null;
  /** Nodes that subscribed, grouped by the key that they serve. */
  subscriptions: Subscription[];
  /** Nodes given on the command line. */
  staticNodes: StaticNode[];
}

export interface Subscription {
  key: string;
  hash: number | null;
  hits: number | null;
  sni: boolean | null;
  /** Load balancing algorithm; since 2.1. */
  algorithm: string | null;
  nodes: RouterNode[];
}

export interface RouterNode {
  name: string;
  /** The vassal that subscribed; since 2.1. */
  vassal: string | null;
  modifier1: number | null;
  modifier2: number | null;
  lastCheck: number | null;
  pid: number | null;
  uid: number | null;
  gid: number | null;
  requests: number | null;
  lastRequests: number | null;
  tx: number | null;
  rx: number | null;
  cores: number | null;
  load: number | null;
  weight: number | null;
  /** Backup level; since 2.1. The router uses the node when no node of a lower level is left. */
  backup: number | null;
  proto: string | null;
  wrr: number | null;
  /** Number of sessions that use the node now. */
  inUse: number | null;
  failures: number | null;
  deathMark: boolean | null;
}

export interface StaticNode {
  name: string;
  hits: number | null;
  /**
   * When the node last failed; `null` if it has not failed. The router does not use it during a grace time after that.
   */
  failedAt: number | null;
}
