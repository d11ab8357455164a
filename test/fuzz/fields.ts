import type { Snapshot } from '../../src/stats/snapshot.ts';

/** The source of a number in the snapshot. */
export interface Origin {
  /** Key in the document. */
  key: string;
  /** The document's unit divided by the snapshot's unit. */
  scale: number;
  /** Whether 0 means unknown. */
  zeroIsUnknown: boolean;
}

/** The sources of the numbers in one row of a snapshot. */
type Origins = Readonly<Record<string, Origin>>;

const as = (key: string): Origin => ({ key, scale: 1, zeroIsUnknown: false });
const known = (key: string): Origin => ({ ...as(key), zeroIsUnknown: true });
const micro = (key: string): Origin => ({ ...as(key), scale: 1e6 });

export const WORKER: Origins = {
  pid: known('pid'),
  requests: as('requests'),
  requestsSinceSpawn: as('delta_requests'),
  exceptions: as('exceptions'),
  harakiris: as('harakiri_count'),
  signals: as('signals'),
  signalQueue: as('signal_queue'),
  rss: known('rss'),
  vsz: known('vsz'),
  uss: known('uss'),
  pss: known('pss'),
  runningTime: micro('running_time'),
  lastSpawn: known('last_spawn'),
  spawns: as('respawn_count'),
  tx: as('tx'),
  averageResponseTime: micro('avg_rt'),
};
const CORE: Origins = {
  requests: as('requests'),
  staticRequests: as('static_requests'),
  routedRequests: as('routed_requests'),
  offloadedRequests: as('offloaded_requests'),
  writeErrors: as('write_errors'),
  readErrors: as('read_errors'),
  requestStart: known('request_start'),
};
const APP: Origins = {
  requests: as('requests'),
  exceptions: as('exceptions'),
  modifier1: as('modifier1'),
  startupTime: as('startup_time'),
};
const SERVER: Origins = { pid: as('pid'), uid: as('uid'), gid: as('gid') };
const SOCKET: Origins = { queue: as('queue'), maxQueue: known('max_queue') };
const CACHE: Origins = { items: as('items'), hits: as('hits'), misses: as('miss'), full: as('full') };
const VASSAL: Origins = {
  pid: known('pid'),
  born: known('born'),
  respawns: as('respawns'),
  lastReady: known('last_ready'),
  lastRun: known('last_run'),
};
const SUBSCRIPTION: Origins = { hash: as('hash'), hits: as('hits') };
const NODE: Origins = {
  requests: as('requests'),
  tx: as('tx'),
  rx: as('rx'),
  weight: as('weight'),
  inUse: as('ref'),
  failures: as('failcnt'),
  lastCheck: known('last_check'),
};

/** A known number of a snapshot with its path and its source. */
export interface Shown {
  path: string;
  value: unknown;
  origin: Origin;
}

/** The numbers of a snapshot that come unchanged from the document. */
export function* numbersOf(snapshot: Snapshot): Generator<Shown> {
  yield* row('server', snapshot.server, SERVER);
  switch (snapshot.kind) {
    case 'app':
      yield* rows('workers', snapshot.workers, WORKER);
      for (const { cores, apps, id } of snapshot.workers) {
        yield* rows(`workers[${id - 1}].cores`, cores, CORE);
        yield* rows(`workers[${id - 1}].apps`, apps, APP);
      }
      yield* rows('sockets', snapshot.sockets, SOCKET);
      yield* rows('caches', snapshot.caches, CACHE);
      break;
    case 'emperor':
      yield* rows('vassals', snapshot.vassals, VASSAL);
      break;
    case 'router':
      yield* rows('subscriptions', snapshot.subscriptions, SUBSCRIPTION);
      for (const { nodes, key } of snapshot.subscriptions) yield* rows(`nodes of ${key}`, nodes, NODE);
  }
}

function* rows(path: string, all: readonly object[], origins: Origins): Generator<Shown> {
  for (const [place, each] of all.entries()) yield* row(`${path}[${place}]`, each, origins);
}

/** An unknown number is never wrong. */
function* row(path: string, of: object, origins: Origins): Generator<Shown> {
  for (const name in origins) {
    const origin = origins[name];
    const value = (of as Record<string, unknown>)[name];
    if (origin && value !== null) yield { path: `${path}.${name}`, value, origin };
  }
}
