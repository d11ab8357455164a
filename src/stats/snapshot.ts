/**
 * What one document says, typed. Written from uWSGI's sources (core/master_utils.c, core/emperor.c,
 * plugins/corerouter/corerouter.c) and from real captures of 2.0.21.
 *
 * Conventions: `null` is unknown, 0 is zero. Times are seconds, sizes bytes, instants unix seconds.
 */
export type Snapshot = AppSnapshot | EmperorSnapshot | RouterSnapshot;

/** Who answered: the process that wrote the document. */
export interface Server {
  version: string | null;
  /** The master, the emperor or the router. */
  pid: number | null;
  uid: number | null;
  gid: number | null;
  cwd: string | null;
}

interface Common {
  server: Server;
  /** The bytes were not valid JSON (or not valid UTF-8) and were read by the repairing parser. */
  repaired: boolean;
}

/** An application server: a uWSGI master with workers. */
export interface AppSnapshot extends Common {
  kind: 'app';
  /** Connections waiting, as the master knows it: of TCP sockets only. */
  listenQueue: number | null;
  /** Meant for polls that found a queue full. No version counts it: 0 is no good news (2.0.21, 2.0.30, 2.1-dev). */
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

/** `sigN` means that a uWSGI signal handler runs. Unknown words of other versions pass through. */
export type WorkerStatus = string;

export interface Worker {
  /** The place in the list, from 1: a worker that never ran is written with id 0, so ids repeat. */
  id: number;
  /** `null` while no process runs (cheap), and where the document has no pids. */
  pid: number | null;
  /** A process runs. Where the document has no pids, one does unless the worker is cheap. */
  alive: boolean;
  status: WorkerStatus;
  /** `null` before 2.0, which does not say. */
  accepting: boolean | null;
  /** Since the master's start or last full reload; survives a respawn. */
  requests: number | null;
  /** Since this worker's last respawn. */
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
  /** Seconds spent in finished requests, all cores summed. */
  runningTime: number | null;
  lastSpawn: number | null;
  /** Starts of this worker: 1 is the first start, so a count of 3 is two respawns. */
  spawns: number | null;
  tx: number | null;
  /** uWSGI's own `avg_rt` in seconds: half the last request, a quarter of the one before, and so on. */
  averageResponseTime: number | null;
  apps: App[];
  cores: Core[];
}

export interface App {
  id: number | null;
  modifier1: number | null;
  mountpoint: string | null;
  /** Seconds the application took to load (a length, not an instant: plugins/python/pyloader.c). */
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
  /** CGI variables of the running request as `NAME=value`, secrets and all; empty when none runs. */
  vars: readonly string[];
  /** `null` when none runs, or when the server does not say. */
  requestStart: number | null;
}

export interface Socket {
  name: string | null;
  proto: string | null;
  /** `null` on unix sockets, of which uWSGI always says 0 of 0. */
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

/** No more tasks of a spooler than these are counted: there are at least so many. */
export const MOST_TASKS = 10_000;

export interface Spooler {
  dir: string | null;
  pid: number | null;
  /** Taken up since its start, also those that failed and were tried again (seen on 2.0.21). */
  tasks: number | null;
  /**
   * Files of tasks in its folder, the one that runs among them; at most `MOST_TASKS` are counted. No document has it: the
   * kernel of the server's machine knows (`rates/with-host`).
   */
  waiting: number | null;
  respawns: number | null;
  running: boolean | null;
}

/** Schedule fields: -1 is "every"; below -1, "every N". */
export interface Cron {
  minute: number | null;
  hour: number | null;
  day: number | null;
  month: number | null;
  week: number | null;
  command: string | null;
  unique: boolean | null;
  legion: string | null;
  /** `null` while it does not run. */
  pid: number | null;
  startedAt: number | null;
}

export interface Daemon {
  command: string | null;
  pid: number | null;
  /** `null`: uWSGI always writes 0 here, whatever happened. */
  respawns: number | null;
}

export interface Lock {
  name: string;
  /** Process that holds it; `null` when free. */
  holder: number | null;
}

export interface Metric {
  name: string;
  /** An alias shows another metric's value. */
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

/** An emperor: it starts and watches vassals. */
export interface EmperorSnapshot extends Common {
  kind: 'emperor';
  /** What is watched for vassals. */
  monitors: string[];
  tyrant: boolean | null;
  /** Seconds. */
  throttle: number | null;
  vassals: Vassal[];
  blacklist: BlacklistEntry[];
}

export interface Vassal {
  id: string;
  /** `null` while an on-demand vassal sleeps. */
  pid: number | null;
  /** When its configuration was last changed before it was read: not its start. */
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
  /** When it was told to go, else `null`. */
  cursedAt: number | null;
  zerg: boolean | null;
  /** The socket that wakes it, when it is an on-demand vassal. */
  onDemand: string | null;
  suspended: boolean | null;
  adopted: boolean | null;
  uid: number | null;
  gid: number | null;
  monitor: string | null;
  attributes: { name: string; value: string }[];
  /** Reloads: the process stays the same. */
  respawns: number | null;
}

export interface BlacklistEntry {
  id: string;
  /** Seconds until the next try is allowed. */
  throttle: number | null;
  /** Failed starts after the first one. */
  attempts: number | null;
  firstAttempt: number | null;
  lastAttempt: number | null;
}

/** An http, https, raw, ssl or fast router. */
export interface RouterSnapshot extends Common {
  kind: 'router';
  /** The name of its list of addresses: `http`, `fastrouter`, `rawrouter`, `sslrouter`. */
  plugin: string | null;
  addresses: string[];
  activeSessions: number | null;
  cheap: boolean | null;
  /** Nodes that came by subscription, under the key that they serve. */
  subscriptions: Subscription[];
  /** Nodes given on the command line. */
  staticNodes: StaticNode[];
}

export interface Subscription {
  key: string;
  hash: number | null;
  hits: number | null;
  sni: boolean | null;
  /** Load balancing algorithm; 2.1. */
  algorithm: string | null;
  nodes: RouterNode[];
}

export interface RouterNode {
  name: string;
  /** The vassal that subscribed; 2.1. */
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
  /** Backup level: used when no node of a lower level is left; 2.1. */
  backup: number | null;
  proto: string | null;
  wrr: number | null;
  /** Sessions that use it now. */
  inUse: number | null;
  failures: number | null;
  deathMark: boolean | null;
}

export interface StaticNode {
  name: string;
  hits: number | null;
  /** When it last failed: it is left alone for a grace time after that. `null` when it has not. */
  failedAt: number | null;
}
