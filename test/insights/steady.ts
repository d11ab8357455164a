import { startProcess } from '../../src/demo/accounting.ts';
import { appDocument } from '../../src/demo/document.ts';
import { Random } from '../../src/demo/random.ts';
import { type CoreState, newServer, type ServerState, type WorkerState } from '../../src/demo/state.ts';
import type { Reading } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import type { AppSnapshot, Cache } from '../../src/stats/snapshot.ts';
import { cache } from './cases.ts';
import { MIB, paged } from './heaps.ts';

/** A problem that a server has for some time. */
export type Trouble =
  | 'leak'
  | 'stuck'
  | 'exceptions'
  | 'write errors'
  | 'harakiri'
  | 'crashes'
  | 'overload'
  | 'full cache'
  | 'cold cache'
  | 'held lock';

export interface Steady {
  hours: number;
  /** Seconds between the reads. */
  step: number;
  seed: number;
  trouble?: { what: Trouble; from: number; to: number };
}

const WORKERS = 4;
const CORES = 2;
/**
 * Requests per second at the highest and lowest point of the wave. The demo is not used: its traffic has rushes,
 * reports of 25 s and leaks.
 */
const MOST = 40;
const LEAST = 4;
/** A worker is replaced after this many requests, varied by some tens of percent (max-requests-delta). */
const LIFE = 60_000;
export const EPOCH = 1_795_335_000;

/**
 * The documents of a healthy server. Requests follow a wave of eight hours; the cores are mostly free and sometimes all
 * busy. It has an occasional short queue, one exception in two thousand requests, write errors and garbage. Processes
 * warm up and are replaced one by one. Its caches mostly hit, it is reloaded once, and a lock is held briefly.
 */
export function* steady({ hours, step, seed, trouble }: Steady): Generator<Reading> {
  const random = new Random(seed);
  const state = newServer(WORKERS, CORES, 2000);
  let pid = 2000;
  const start = (worker: WorkerState) => {
    pid += 1;
    startProcess(worker, pid, state.time);
    worker.accepting = true;
  };
  for (const worker of state.workers) start(worker);
  const pages = { hits: 0, misses: 0, full: 0 };
  const count = (hours * 3600) / step;
  const reload = Math.floor(count / 3);
  for (let place = 0; place < count; place += 1) {
    state.time = place * step;
    const wrong = trouble && state.time >= trouble.from && state.time < trouble.to ? trouble.what : null;
    if (place === reload && !trouble) {
      state.workers = newServer(WORKERS, CORES, state.pid).workers;
      for (const worker of state.workers) start(worker);
    }
    work(state, step, random, wrong, start);
    cached(pages, step, random, wrong);
    const snapshot = decode(Buffer.from(appDocument(state, { epoch: EPOCH })));
    if (snapshot.kind !== 'app') throw new Error('not an app server');
    yield { snapshot: withMore(snapshot, pages, random, wrong), time: EPOCH + state.time, clock: state.time };
  }
}

function work(
  state: ServerState,
  step: number,
  random: Random,
  wrong: Trouble | null,
  start: (worker: WorkerState) => void,
): void {
  const wave = (1 - Math.cos((state.time / 86_400) * 2 * Math.PI * 3)) / 2;
  const mean = (LEAST + (MOST - LEAST) * wave) * step;
  const requests = Math.max(0, Math.round(mean + Math.sqrt(mean) * 2 * (random.next() - 0.5)));
  // The kernel wakes the first workers more often.
  for (let remaining = requests; remaining > 0; remaining -= 1) {
    const worker = state.workers[Math.floor(random.next() * random.next() * WORKERS)];
    if (worker) serve(worker, random, wrong);
  }
  for (const worker of state.workers) {
    if (worker.deltaRequests > LIFE * (1 + worker.number / 8)) start(worker);
    if (wrong === 'crashes' && random.chance(step / 5)) start(worker);
    if (wrong === 'harakiri' && random.chance(step / 60)) {
      worker.harakiris += 1;
      start(worker);
    }
    worker.rss = memory(worker, state.time, random, wrong);
    occupy(worker, state.time, random, wrong === 'overload' ? 1 : 0.04 + 0.25 * wave);
  }
  if (wrong === 'stuck') stick(state);
  // No core is idle: uWSGI adds all of their time.
  if (wrong === 'overload') for (const worker of state.workers) worker.runningTime += CORES * step * 1e6;
  state.queue = wrong === 'overload' ? 60 : random.chance(0.01) ? random.integer(1, 8) : 0;
}

function serve(worker: WorkerState, random: Random, wrong: Trouble | null): void {
  const core = worker.cores[random.integer(0, CORES - 1)];
  if (!core) return;
  core.requests += 1;
  worker.requests += 1;
  worker.deltaRequests += 1;
  worker.appRequests += 1;
  worker.runningTime += random.integer(5_000, 80_000);
  worker.tx += random.integer(300, 30_000);
  if (random.chance(wrong === 'write errors' ? 0.05 : 0.0005)) core.writeErrors += 1;
  if (random.chance(wrong === 'exceptions' ? 0.05 : 0.0005)) worker.exceptions += 1;
}

/** 90 MiB plus the growth of the first requests; the garbage collector frees 3 MiB every 90 seconds. */
function memory(worker: WorkerState, time: number, random: Random, wrong: Trouble | null): number {
  const warm = 35 * (1 - Math.exp(-worker.deltaRequests / 5));
  const garbage = 3 * (((time + worker.number * 17) % 90) / 90) + random.next();
  // The start of the leak is kept in `vsz`, which no rule uses; it is not reset.
  if (wrong === 'leak') worker.vsz = worker.vsz === 0 ? time : worker.vsz;
  const leaked = wrong === 'leak' ? (LEAK * (time - worker.vsz)) / 60 : 0;
  return paged((90 + warm + garbage) * MIB + leaked);
}

/** Bytes per minute. */
export const LEAK = 5 * MIB;

/** Puts cores into requests by chance, mostly briefly; a few requests take some seconds. */
function occupy(worker: WorkerState, time: number, random: Random, chance: number): void {
  for (const core of worker.cores) {
    const { request } = core;
    if (request && time < request.end && chance < 1) continue;
    core.request = random.chance(chance) ? requestOf(worker, core, time, random) : null;
  }
  worker.busy = worker.cores.filter(({ request }) => request !== null).length;
}

function requestOf(worker: WorkerState, core: CoreState, time: number, random: Random) {
  const seconds = random.chance(0.02) ? random.integer(1, 6) : 0.1;
  return {
    start: time,
    end: time + seconds,
    route: ROUTE,
    worker,
    core,
    draw: 1,
    stuck: false,
    lost: false,
  };
}

const ROUTE = {
  weight: 1,
  method: 'GET',
  uri: () => '/',
  seconds: [1, 1],
  bytes: [1, 1],
  exceptions: 0,
} as const;

/** Keeps the first core of the second worker in one request. */
function stick({ workers, time }: ServerState): void {
  const [, worker] = workers;
  const [core] = worker?.cores ?? [];
  if (!worker || !core) return;
  stuckAt.set(worker, stuckAt.get(worker) ?? time);
  const start = stuckAt.get(worker) ?? time;
  core.request = { ...requestOf(worker, core, time, new Random(1)), start, end: time };
  worker.busy = Math.max(1, worker.busy);
}

const stuckAt = new WeakMap<WorkerState, number>();

function cached(
  pages: { hits: number; misses: number; full: number },
  step: number,
  random: Random,
  wrong: Trouble | null,
): void {
  const reads = random.integer(10, 60) * step;
  const misses = Math.round(reads * (wrong === 'cold cache' ? 0.8 : 0.05 + 0.2 * random.next()));
  pages.misses += misses;
  pages.hits += reads - misses;
  if (wrong === 'full cache') pages.full += 1;
}

function withMore(
  snapshot: AppSnapshot,
  pages: Pick<Cache, 'hits' | 'misses' | 'full'>,
  random: Random,
  wrong: Trouble | null,
): AppSnapshot {
  const holder = wrong === 'held lock' ? 2001 : random.chance(0.05) ? 2001 : null;
  return { ...snapshot, caches: [cache({ ...pages })], locks: [{ name: 'user 0', holder }] };
}
