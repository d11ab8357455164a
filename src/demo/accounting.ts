import type { Random } from './random.ts';
import type { Request, WorkerState } from './state.ts';

/** How uWSGI counts: what changes in a worker when a process or a request begins or ends. */

/** A worker's memory after its start, and what each request leaves behind; in pages of 4 KiB. */
const FIRST_PAGES = 18_400;
const PAGES_A_WORKER = 37;
const PAGES_A_REQUEST = 1.7;
const PAGE = 4096;
/** What is mapped and not resident. */
const MAPPED = 268 * 2 ** 20;

/** Share of the requests whose client goes away before the response is written. */
const WRITE_ERRORS = 0.0006;

/** A process starts (core/master_utils.c, `uwsgi_respawn_worker`): the counters go on, `delta_requests` does not. */
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

/** A worker is not needed for now. Its process goes a little later; `accepting` is left as it was, as uWSGI does. */
export function makeCheap(worker: WorkerState): void {
  worker.cheap = true;
  worker.rss = 0;
  worker.vsz = 0;
}

/** The process is killed by the master: what it was serving is lost, and counted nowhere but with the application. */
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
  // Before the application is called (plugins/python/wsgi_handlers.c).
  if (!route.static) worker.appRequests += 1;
}

/** The end of a request (core/utils.c, `uwsgi_close_request`). */
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

/** With `memory-report` a worker measures itself at the end of each request, so a new process begins with zeros. */
function measureMemory(worker: WorkerState): void {
  const leaked = Math.floor(worker.deltaRequests * PAGES_A_REQUEST);
  worker.rss = (FIRST_PAGES + worker.number * PAGES_A_WORKER + leaked) * PAGE;
  worker.vsz = worker.rss + MAPPED;
}
