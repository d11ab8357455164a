import type { BlacklistEntry, Core, Vassal } from '../../src/stats/snapshot.ts';
import type { NodeRow } from '../../src/views/tables/node-columns.ts';
import type { VassalRow } from '../../src/views/tables/vassal-columns.ts';
import type { WorkerRow } from '../../src/views/tables/worker-row.ts';
import { core, NOW, worker } from '../rates/builders.ts';
import { node } from '../rates/routers.ts';

const YEAR = 365.25 * 86_400;
const BASES = [
  ...Array.from({ length: 16 }, (_, power) => 10 ** power),
  ...Array.from({ length: 61 }, (_, power) => 2 ** power),
  ...[60, 600, 3600, 36_000, 86_400, 864_000, 8_640_000, YEAR, 3 * YEAR, 10 * YEAR],
];

/** Numbers of every length, on both sides of each change of the length. From 0 to 2^60. */
export const NUMBERS: readonly number[] = [
  0,
  ...[...BASES, ...BASES.map((base) => base / 1000)].flatMap((base) =>
    [0.9994, 0.9995, 0.99949, 0.99951, 0.99995, 1, 1.2345, 9.5].map((factor) => base * factor),
  ),
];

const count = (number: number) => Math.min(Math.round(number), 1e15);
const bytes = (number: number) => Math.min(Math.round(number), 2 ** 60);
const seconds = (number: number) => Math.min(number, 10 * YEAR);
const rate = (number: number) => Math.min(number, 1e6);
const share = (number: number) => Math.min(number, 1);
/** Linux: at most 2^22. */
const pid = (number: number) => Math.min(Math.round(number), 2 ** 22);
const instant = (number: number) => Math.min(Math.round(number), Date.UTC(9999, 11, 31) / 1000);

/** Most cores of one worker: with gevent or asyncio there are often 1000. */
const MOST_CORES = 2000;
const CORES = Array.from({ length: MOST_CORES }, (_, id) => core({ id, inRequest: true }));

/** A worker whose numbers are all this one, up to the limit of each. */
export function workerRow(number: number): WorkerRow {
  const measured = {
    requestsDelta: null,
    rps: rate(number),
    share: share(number),
    intervalShare: share(number),
  };
  return {
    of: {
      worker: worker({
        id: Math.min(count(number), 999) + 1,
        pid: pid(number),
        requests: count(number),
        exceptions: count(number),
        harakiris: count(number),
        signals: count(number),
        rss: bytes(number),
        vsz: bytes(number),
        tx: bytes(number),
        runningTime: seconds(number),
        averageResponseTime: seconds(number),
        lastSpawn: instant(number),
        cores: CORES.slice(0, Math.max(1, number)),
      }),
      before: null,
      ...measured,
      exceptionsDelta: null,
      harakirisDelta: null,
      respawnsDelta: null,
      respawns: count(number),
      txRate: null,
      runningTimeDelta: null,
      timedRequestsDelta: null,
      responseTime: seconds(number),
    },
    core: null,
    mode: 'off',
    long: Math.min(count(number), MOST_CORES),
    running: null,
    recent: { busy: null, rps: null },
    oldest: Math.floor(seconds(number)),
    process: null,
    growth: bytes(number),
  };
}

/** A core of such a worker. */
export function coreRow(number: number, mode: 'tree' | 'merged'): WorkerRow {
  const { of } = workerRow(number);
  const its: Core = core({ id: Math.min(count(number), MOST_CORES - 1), requests: count(number) });
  const { requestsDelta, rps, share, intervalShare } = of;
  return {
    of,
    core: { core: its, requestsDelta, rps, share, intervalShare },
    mode,
    long: 1,
    running: its,
    recent: { busy: null, rps: null },
    oldest: Math.floor(seconds(number)),
    process: null,
    growth: bytes(number),
  };
}

const VASSAL: Vassal = {
  id: 'blog.ini',
  pid: 1,
  born: null,
  lastModified: null,
  lastHeartbeat: null,
  loyal: false,
  ready: true,
  accepting: true,
  lastLoyal: null,
  lastReady: null,
  lastAccepting: null,
  firstRun: null,
  lastRun: null,
  cursedAt: null,
  zerg: false,
  onDemand: null,
  suspended: false,
  adopted: false,
  uid: 0,
  gid: 0,
  monitor: null,
  attributes: [],
  respawns: 0,
};

export function vassal(given: Partial<Vassal> = {}): Vassal {
  return { ...VASSAL, ...given };
}

export function vassalRow(number: number): VassalRow {
  const given = {
    pid: pid(number),
    respawns: count(number),
    lastReady: instant(number),
    lastRun: NOW - seconds(number),
  };
  return { vassal: vassal(given), at: { time: NOW, timeIsExact: true }, member: null };
}

export function blacklistRow(number: number): BlacklistEntry {
  return {
    id: 'broken.ini',
    throttle: seconds(number),
    attempts: count(number),
    firstAttempt: instant(number),
    lastAttempt: instant(number),
  };
}

export function nodeRow(number: number): NodeRow {
  const of = node('127.0.0.1:3031', {
    requests: count(number),
    tx: bytes(number),
    rx: bytes(number),
    weight: count(number),
    inUse: count(number),
    failures: count(number),
    lastCheck: instant(number),
  });
  return { ...of, key: 'shop.example.com', rps: rate(number) };
}
