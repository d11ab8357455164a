import type { Random } from './random.ts';
import type { Request, WorkerState } from './state.ts';

/** uWSGI's accounting: how the counters of a worker change when a process or a request begins or ends. */

/** A worker's memory after its start, and the memory that each request leaks, in pages of 4 KiB. */
const FIRST_PAGES = 18_400;
const PAGES_A_WORKER = 37;
const PAGES_A_REQUEST = 1.7;
const PAGE = 4096;
/** Bytes that are mapped but not resident. */
const MAPPED = 268 * 2 ** 20;

/** Share of the requests whose client disconnects before the response is written. */
const WRITE_ERRORS = 0.0006;

/**
 * Starts a process. Resets `delta_requests` and keeps the other counters (core/master_utils.c, `uwsgi_respawn_worker`).
 */
export function startProcess(worker: WorkerState, pid: number, time: number): void {
  worker.pid = pid;
  worker.spawns += 1;
  worker.lastSpawn = time;
  worker.deltaRequests = 0;
  worker.accepting = false;
  worker.cheap = false;
  worker.retiring = false;
  worker.rss = 0;
  worker.vsz = 0;
}

/**
 * Marks a worker as not needed. Its process ends at the master's next check. Like uWSGI, leaves `accepting` unchanged.
 */
export function makeCheap(worker: WorkerState): void {
  worker.cheap = true;
  worker.rss = 0;
  worker.vsz = 0;
}

/** The master kills the process. Its requests in flight are lost; only the application's counter includes them. */
export function harakiri(worker: WorkerState): void {
  worker.harakiris += 1;
  for (const core of worker.cores) {
    if (core.request) core.request.lost = true;
    core.request = null;
  }
  worker.busy = 0;
}

export function beginRequest(request: Request): void {
  const { worker, core, route } = request;
  core.request = request;
  worker.busy += 1;
  // uWSGI counts a request before it calls the application (plugins/python/wsgi_handlers.c).
  if (!route.static) worker.appRequests += 1;
}

/** Ends a request (core/utils.c, `uwsgi_close_request`). */
export function endRequest(request: Request, random: Random): void {
  const { worker, core, route } = request;
  const microseconds = Math.round((request.end - request.start) * 1e6);
  const [low, high] = route.bytes;
  core.request = null;
  core.requests += 1;
  worker.busy -= 1;
  worker.requests += 1;
  worker.deltaRequests += 1;
  worker.runningTime += microseconds;
  worker.averageTime = Math.floor((worker.averageTime + microseconds) / 2);
  worker.tx += Math.round(random.skewed(low, high));
  if (route.static) core.staticRequests += 1;
  if (random.chance(WRITE_ERRORS)) core.writeErrors += 1;
  if (random.chance(route.exceptions)) {
    core.exceptions += 1;
    worker.exceptions += 1;
  }
  measureMemory(worker);
}

/** With `memory-report`, a worker measures its memory at the end of each request. A new process therefore reports 0. */
function measureMemory(worker: WorkerState): void {
  const leaked = Math.floor(worker.deltaRequests * PAGES_A_REQUEST);
  worker.rss = (FIRST_PAGES + worker.number * PAGES_A_WORKER + leaked) * PAGE;
  worker.vsz = worker.rss + MAPPED;
}
