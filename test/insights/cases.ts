import type { App, AppSnapshot, Cache, Snapshot, Spooler, Worker } from '../../src/stats/snapshot.ts';
import { app, core, hostReading, NOW, processReading, socket, worker } from '../rates/builders.ts';
import { EMPEROR, node, router, subscription } from '../rates/routers.ts';
import { vassal } from '../views/rows.ts';
import { type Frame, QUEUE, queued } from './looks.ts';

/** Builds servers for which one rule, and no other, has a finding. */
export interface Case {
  /** Frames of a server at this level, for the time that the rule requires. Time begins with the first frame. */
  at(level: number): Frame[];
  /** The smallest difference of levels that `at` can express. */
  step: number;
  /** Other rules with a finding for the same server. */
  with?: readonly string[];
  /** The level is a yes or a no, so that other thresholds cannot be tested. */
  plain?: true;
}

export const cache = (given: Partial<Cache> = {}): Cache => ({
  name: 'pages',
  hash: null,
  hashSize: null,
  keySize: null,
  maxItems: 100,
  blocks: null,
  blockSize: null,
  items: 50,
  hits: 0,
  misses: 0,
  full: 0,
  lastModified: null,
  ...given,
});

export const spooler = (given: Partial<Spooler> = {}): Spooler => ({
  dir: '/srv/spool',
  pid: 9,
  tasks: 3,
  waiting: 0,
  respawns: 0,
  running: true,
  ...given,
});

export const frame = (snapshot: Snapshot, seconds = 1): Frame => ({ seconds, snapshot });

/** A frame for each second from 0 to `count`, with the snapshot of that second. */
export function seconds(count: number, snapshot: (second: number) => Snapshot): Frame[] {
  return Array.from({ length: count + 1 }, (_, second) => frame(snapshot(second), second === 0 ? 0 : 1));
}

/** A worker with `count` cores, of which `busy` are in a request. */
export function cores(count: number, busy: number, given: Partial<Worker> = {}): Worker {
  return worker({
    status: busy > 0 ? 'busy' : 'idle',
    cores: Array.from({ length: count }, (_, id) => core({ id, inRequest: id < busy })),
    ...given,
  });
}

/** A worker whose cores are all in a request that does not end. It began with the tests, or this many seconds after. */
export function held(count: number, after = 0): Worker {
  const requestStart = NOW + after;
  const cores = Array.from({ length: count }, (_, id) => core({ id, inRequest: true, requestStart }));
  return worker({ status: 'busy', cores });
}

/** A worker whose four cores have requests of this age after one second, and another worker. */
function besides(age: number, other: Partial<Worker> = {}): Worker[] {
  const cores = Array.from({ length: 4 }, (_, id) =>
    core({ id, inRequest: true, requestStart: NOW + 1 - age }),
  );
  return [worker({ status: 'busy', cores }), worker(other)];
}

/** A server with one of ten cores in a request while this many connections wait. */
function waiting(queue: number): AppSnapshot {
  return app([cores(10, 1)], { sockets: [socket({ queue, maxQueue: QUEUE })] });
}

/** Two frames with these workers, `length` seconds apart. */
function inSeconds(length: number, before: readonly Worker[], after: readonly Worker[]): Frame[] {
  return [frame(app([...before]), 0), frame(app([...after]), length)];
}

const PER_INTERVAL = 10_000;
const MIB = 2 ** 20;

/** A server with one request that has run for this many seconds. */
function running(seconds: number): AppSnapshot {
  const vars = ['REQUEST_METHOD=GET', 'REQUEST_URI=/slow'];
  const slow = core({ inRequest: true, requestStart: NOW - seconds, vars });
  return app([worker(), worker({ id: 2, status: 'busy', cores: [slow] })]);
}

/** A worker that was started this many seconds ago and still loads its application. */
export const loading = (age: number): Worker =>
  worker({ accepting: false, requests: 0, requestsSinceSpawn: 0, tx: 0, lastSpawn: NOW - age });

const LOADED: App = {
  id: 0,
  modifier1: 0,
  mountpoint: '',
  startupTime: 0,
  requests: 10,
  exceptions: 0,
  chdir: null,
};

/** A worker that has answered this many requests with uWSGI's own page for error 500, of 104 bytes. */
export const withoutApp = (requests: number): Worker => worker({ requests, tx: 104 * requests });

export const CASES: Readonly<Record<string, Case>> = {
  queue: { step: 1 / QUEUE, at: (level) => seconds(4, () => queued(Math.round(level * QUEUE))) },
  busy: {
    step: 1,
    // The requests do not end, so they are stuck after 10 s.
    with: ['stuck'],
    at: (level) => seconds(level, () => app([held(2), held(2)])),
  },
  blocked: { step: 1, at: (level) => seconds(6, () => waiting(level)) },
  'queue-errors': { step: 1, at: (level) => [frame(app([worker()], { listenQueueErrors: level }), 0)] },
  'listen-zero': {
    step: 1,
    // One for the socket, and one for each connection that the kernel refused.
    at: (level) => {
      const snapshot = app([worker()], { sockets: [socket({ queue: 0, maxQueue: level < 1 ? 100 : 0 })] });
      const refused = (listenOverflows: number) => hostReading([], { listenOverflows });
      return [
        { seconds: 0, snapshot, host: refused(7) },
        { seconds: 1, snapshot, host: refused(7 + Math.max(0, level - 1)) },
      ];
    },
  },
  'worker-stuck': {
    step: 1,
    with: ['stuck'],
    at: (level) => {
      const host = hostReading([processReading({ cpu: 0.5 })]);
      return inSeconds(1, besides(level), besides(level, { requests: 11 })).map((each) => ({
        ...each,
        host,
      }));
    },
  },
  stuck: { step: 1, at: (level) => [frame(running(level), 0)] },
  'memory-report': {
    step: 1,
    plain: true,
    at: (level) => seconds(61, () => app([worker({ rss: level >= 1 ? null : 4096 }), worker({ rss: null })])),
  },
  loading: {
    step: 1,
    at: (level) => [frame(app([worker(), loading(level)]), 0)],
  },
  paused: {
    step: 0.25,
    plain: true,
    at: (level) => [
      frame(
        app(
          [0, 1, 2, 3].map((place) => worker({ status: place < Math.round(level * 4) ? 'pause' : 'idle' })),
        ),
        0,
      ),
    ],
  },
  reloading: {
    step: 1,
    at: (level) => seconds(level, () => app([worker({ pid: null }), cores(1, 1)])),
  },
  'no-app': {
    step: 1,
    at: (level) => [frame(app([worker({ apps: [LOADED] }), withoutApp(level)]), 0)],
  },
  exceptions: {
    step: 1 / PER_INTERVAL,
    at: (level) =>
      inSeconds(
        10,
        [worker()],
        [worker({ requests: 10 + PER_INTERVAL, exceptions: Math.round(level * PER_INTERVAL) })],
      ),
  },
  'write-errors': {
    step: 1 / PER_INTERVAL,
    at: (level) => {
      const writeErrors = Math.round(level * PER_INTERVAL);
      return inSeconds(
        10,
        [worker()],
        [worker({ requests: 10 + PER_INTERVAL, cores: [core({ writeErrors })] })],
      );
    },
  },
  cheaper: {
    step: 0.01,
    at: (level) => {
      const busy = Math.round(level * 100);
      const running = (busy: number) =>
        app([cores(50, Math.min(50, busy)), cores(50, Math.max(0, busy - 50))]);
      // One more busy core in one of the seconds: a mean of equal shares can be slightly below them.
      const cheap = app([cores(50, 0), worker({ status: 'cheap', pid: null, cores: [] })]);
      return seconds(70, (second) => (second === 0 ? cheap : running(second === 70 ? busy + 1 : busy)));
    },
  },
  lopsided: {
    step: 0.01,
    at: (level) =>
      seconds(32, (second) => {
        const first = Math.round(level * 100) * second;
        const rest = 100 * second - first;
        return app([
          cores(2, 2, { requests: first }),
          cores(2, 0, { requests: rest }),
          cores(2, 0),
          cores(2, 0),
        ]);
      }),
  },
  harakiri: {
    step: 1,
    at: (level) => inSeconds(10, [worker()], [worker({ harakiris: level })]),
  },
  respawn: {
    step: 0.25,
    // The first of four workers, repeatedly.
    at: (level) => {
      const others = [worker(), worker(), worker()];
      return inSeconds(10, [worker(), ...others], [worker({ spawns: 1 + Math.round(level * 4) }), ...others]);
    },
  },
  memory: {
    step: 2 ** 14,
    at: (level) =>
      Array.from({ length: 91 }, (_, place) =>
        frame(app([worker({ rss: Math.round(100 * MIB + (level * place) / 6) })]), place === 0 ? 0 : 10),
      ),
  },
  'cache-misses': {
    step: 0.01,
    at: (level) =>
      seconds(62, (second) => {
        const misses = Math.round(level * 100) * second;
        return app([], { caches: [cache({ misses, hits: 100 * second - misses })] });
      }),
  },
  'cache-full': {
    step: 0.001,
    at: (level) => [
      frame(app([], { caches: [cache()] }), 0),
      frame(app([], { caches: [cache({ full: Math.round(level * 1000) })] }), 1000),
    ],
  },
  spooler: {
    step: 1,
    at: (level) => seconds(31, () => app([], { spoolers: [spooler({ waiting: level })] })),
  },
  restart: {
    step: 1,
    // One new process per second.
    at: (level) =>
      seconds(level, (second) =>
        app([], { daemons: [{ command: 'redis-server', pid: 500 + second, respawns: null }] }),
      ),
  },
  'cron-late': {
    step: 0.5,
    plain: true,
    at: (level) => [
      frame(
        app([], {
          crons: [
            {
              ...{ minute: -1, hour: -1, day: -1, month: -1, week: -1, legion: null },
              ...{ command: 'backup', unique: true, pid: 7, startedAt: NOW - 60 * level },
            },
          ],
        }),
        0,
      ),
    ],
  },
  lock: {
    step: 1,
    plain: true,
    at: (level) => seconds(31, () => app([], { locks: [{ name: 'user 0', holder: level >= 1 ? 7 : null }] })),
  },
  blacklist: {
    step: 1,
    at: (level) => [
      frame(
        {
          ...EMPEROR,
          blacklist:
            level < 0
              ? []
              : [
                  {
                    id: 'shop.ini',
                    throttle: 3,
                    attempts: level,
                    firstAttempt: NOW - 60,
                    lastAttempt: NOW - 1,
                  },
                ],
        },
        0,
      ),
    ],
  },
  flapping: {
    step: 1,
    // One new process per second.
    at: (level) =>
      seconds(level, (second) => ({
        ...EMPEROR,
        vassals: [vassal({ id: 'shop.ini', ready: true, firstRun: NOW + second, pid: 500 + second })],
      })),
  },
  node: {
    step: 1,
    plain: true,
    at: (level) => [
      frame(router({ subscriptions: [subscription('shop', 1, [node('a', { deathMark: level >= 1 })])] }), 0),
    ],
  },
};

/** The same server after its recovery; its counters continue. */
export function recovered(snapshot: Snapshot): Snapshot {
  switch (snapshot.kind) {
    case 'app':
      return recoveredApp(snapshot);
    case 'emperor':
      return { ...snapshot, blacklist: [] };
    case 'router':
      return {
        ...snapshot,
        subscriptions: snapshot.subscriptions.map((each) => ({
          ...each,
          nodes: each.nodes.map((node) => ({ ...node, deathMark: false })),
        })),
      };
  }
}

function recoveredApp(snapshot: AppSnapshot): AppSnapshot {
  return {
    ...snapshot,
    workers: snapshot.workers.map((each) => ({
      ...each,
      accepting: true,
      pid: each.pid ?? (each.status === 'cheap' ? null : 9),
      alive: each.status !== 'cheap',
      apps: [LOADED],
      rss: each.rss ?? 4096,
      status: each.pid === null ? 'cheap' : 'idle',
      cores: each.cores.map((core) => ({ ...core, inRequest: false, requestStart: null, vars: [] })),
    })),
    listenQueueErrors: 0,
    sockets: snapshot.sockets.map((each) => ({
      ...each,
      queue: each.queue === null ? null : 0,
      maxQueue: each.maxQueue === 0 ? 100 : each.maxQueue,
    })),
    spoolers: snapshot.spoolers.map((each) => ({ ...each, waiting: 0 })),
    crons: snapshot.crons.map((each) => ({ ...each, pid: null })),
    locks: snapshot.locks.map(({ name }) => ({ name, holder: null })),
  };
}
