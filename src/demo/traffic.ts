import { beginRequest, endRequest, harakiri, makeCheap, startProcess } from './accounting.ts';
import { Cheaper, fewestWorkers } from './cheaper.ts';
import { canTake, freeCore } from './dispatch.ts';
import { Heap } from './heap.ts';
import { Load, type LoadOptions } from './load.ts';
import { Random } from './random.ts';
import type { Request } from './state.ts';
import { type CoreState, newServer, type ServerState, statusOf, type WorkerState } from './state.ts';

export interface TrafficOptions extends LoadOptions {
  seed: number;
}

/** A core serves up to 50 requests per second. Below one request per second and core, a rush has no visible effect. */
export const TRAFFIC_DEFAULTS: Readonly<TrafficOptions> = { workers: 8, cores: 2, rate: 60, seed: 1 };

/** An application server under load, with simulated time that only `advance` moves forward. */
export interface Traffic {
  /** The current state. `advance` changes this object in place. */
  readonly state: Readonly<ServerState>;
  /** Seconds of the simulation: the start of the next rush, or of the current one. */
  readonly rush: number;
  /** @throws RangeError when `seconds` is not finite */
  advance(seconds: number): void;
}

/**
 * The same seed and the same steps produce the same state.
 *
 * @throws RangeError when workers, cores or the rate are not positive
 */
export function createTraffic(options: Partial<TrafficOptions> = {}): Traffic {
  return new Simulation(options);
}

/** Seconds after which a worker reaches its `max-requests` when all workers serve the same share. */
const WORKER_LIFE = 500;

/**
 * Adds the defaults, also for options that are present but undefined, and checks the values.
 *
 * @throws RangeError when workers, cores or the rate are not positive
 */
function checked(options: Partial<TrafficOptions>): TrafficOptions {
  const {
    workers = TRAFFIC_DEFAULTS.workers,
    cores = TRAFFIC_DEFAULTS.cores,
    rate = TRAFFIC_DEFAULTS.rate,
    seed = TRAFFIC_DEFAULTS.seed,
  } = options;
  const all = { workers, cores, rate, seed };
  for (const name of ['workers', 'cores'] as const) {
    if (!Number.isInteger(all[name]) || all[name] < 1) throw new RangeError(`${name} must be 1 or more`);
  }
  if (!(all.rate > 0)) throw new RangeError('rate must be above 0');
  return all;
}

/** The implementation of `createTraffic`. Its protected methods are the events of the simulation. */
export class Simulation implements Traffic {
  readonly state: ServerState;
  private readonly random: Random;
  private readonly load: Load;
  private readonly cheaper: Cheaper;
  private readonly ends = new Heap<Request>();
  private readonly maxRequests: number;
  /** Connections in the queue of the socket. While there are any, no core is free. */
  private waiting = 0;
  private nextArrival: number;
  private nextLook = 1;
  private nextPid: number;

  constructor(options: Partial<TrafficOptions> = {}) {
    const all = checked(options);
    const { workers, cores, rate, seed } = all;
    this.random = new Random(seed);
    this.load = new Load(all, this.random);
    this.cheaper = new Cheaper(workers);
    this.maxRequests = Math.max(200, Math.round((rate / workers) * WORKER_LIFE));
    this.nextPid = this.random.integer(2_000, 9_000);
    this.state = newServer(workers, cores, this.newPid());
    // The next two pids belong to the daemon and the spooler.
    this.nextPid += 2;
    this.startFirst();
    this.nextArrival = this.load.pause(0);
  }

  get rush(): number {
    return this.load.rhythm.start;
  }

  advance(seconds: number): void {
    const { state, ends } = this;
    if (!Number.isFinite(seconds)) throw new RangeError(`cannot advance by ${seconds} seconds`);
    const until = state.time + Math.max(0, seconds);
    for (;;) {
      const end = ends.first()?.end ?? Number.POSITIVE_INFINITY;
      const next = Math.min(end, this.nextArrival, this.nextLook);
      if (next > until) break;
      state.time = next;
      if (next === end) this.end(ends.take());
      else if (next === this.nextLook) this.look();
      else this.arrive();
    }
    state.time = until;
  }

  protected startFirst(): void {
    const { workers, time } = this.state;
    for (const worker of workers.slice(0, fewestWorkers(workers.length))) {
      startProcess(worker, this.newPid(), time);
      worker.accepting = true;
    }
  }

  private newPid(): number {
    this.nextPid += this.random.integer(1, 30);
    return this.nextPid;
  }

  /** A client connects: to a free core, or into the queue. If the queue is full, the connection is refused. */
  private arrive(): void {
    const { state } = this;
    this.nextArrival = state.time + this.load.pause(state.time);
    const free = this.waiting > 0 ? null : freeCore(state.workers, this.random);
    if (free) this.begin(free.worker, free.core);
    // The kernel holds one connection more than the limit (fixtures/uwsgi-2.0.21/queue.1.stats: 21, limit 20).
    else if (this.waiting <= state.maxQueue) this.waiting += 1;
  }

  protected begin(worker: WorkerState, core: CoreState): Request {
    const { time } = this.state;
    const { route, seconds, stuck } = this.load.errand(time);
    const end = time + seconds;
    const draw = this.random.bits();
    const request = { start: time, end, route, worker, core, draw, stuck, lost: false };
    beginRequest(request);
    this.ends.add(request);
    return request;
  }

  private end(request: Request | undefined): void {
    if (!request || request.lost) return;
    const { worker } = request;
    if (request.stuck) harakiri(worker);
    else endRequest(request, this.random);
    if (worker.deltaRequests >= this.maxRequests) worker.retiring = true;
    if (request.stuck || (worker.retiring && worker.busy === 0)) {
      startProcess(worker, this.newPid(), this.state.time);
    }
    this.fill(worker);
  }

  /** Assigns connections from the queue to the free cores of a worker. */
  protected fill(worker: WorkerState): void {
    if (this.waiting === 0 || !canTake(worker)) return;
    for (const core of worker.cores) {
      if (this.waiting === 0) return;
      if (core.request) continue;
      this.waiting -= 1;
      this.begin(worker, core);
    }
  }

  /** The check that the master makes once per second. */
  private look(): void {
    const { state } = this;
    this.nextLook += 1;
    // Keeps `rush` up to date when no request arrives.
    this.load.rhythm.isRush(state.time);
    for (const worker of state.workers) {
      if (worker.cheap) worker.pid = 0;
      else if (!worker.accepting) {
        worker.accepting = true;
        this.fill(worker);
      }
    }
    this.scale(this.cheaper.look(state.workers));
    state.queue = this.waiting;
    if (!state.workers.some((worker) => statusOf(worker) === 'idle')) state.overloaded += 1;
  }

  /** Starts the first workers that do not run, or stops the last idle one. */
  private scale(change: number): void {
    const { workers, time } = this.state;
    const stopped = workers.filter(({ cheap, pid }) => cheap && pid === 0);
    for (const worker of stopped.slice(0, Math.max(0, change))) startProcess(worker, this.newPid(), time);
    // uWSGI stops the worker that has run longest. The demo stops the last one, where a new user finds it more easily.
    const last = change < 0 && workers.findLast((worker) => canTake(worker) && worker.busy === 0);
    if (last) makeCheap(last);
  }
}
