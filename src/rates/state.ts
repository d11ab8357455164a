import type { Worker } from '../stats/snapshot.ts';

/** States of workers, as they are counted for a server. */
export const WORKER_STATES = ['busy', 'idle', 'loading', 'cheap', 'paused', 'down', 'other'] as const;
export type WorkerState = (typeof WORKER_STATES)[number];

/** A map instead of an object, because a status is text from the document and could be `constructor`. */
const STATUSES: ReadonlyMap<string, WorkerState> = new Map([
  ['busy', 'busy'],
  ['idle', 'idle'],
  ['cheap', 'cheap'],
  ['pause', 'paused'],
]);

/** The state of a worker. `other` is a uWSGI signal handler, or a status that this program does not know. */
export function stateOf(worker: Worker): WorkerState {
  const state = STATUSES.get(worker.status) ?? 'other';
  if (state === 'cheap') return state;
  if (!worker.alive) return 'down';
  return isLoading(worker) ? 'loading' : state;
}

/**
 * Whether a worker is still loading its application. `accepting` is 0 from the fork until the application is loaded
 * (core/uwsgi.c). An application can set it to 0 later with `uwsgi.accepting(0)`, but its worker still serves requests.
 */
export function isLoading({ alive, accepting, status, requestsSinceSpawn }: Worker): boolean {
  return alive && accepting === false && status === 'idle' && requestsSinceSpawn === 0;
}

/** Whether a worker can serve requests. The cores of other workers do not count as capacity. */
export function isServing(worker: Worker): boolean {
  return worker.alive && !isLoading(worker);
}

/** The words for the state that `isReloading` detects. The document does not distinguish a reload from a stop. */
export const RELOADING = 'reloading or stopping';

/**
 * Whether a graceful reload or stop waits for requests. uWSGI first ends the workers that have no request. It starts no
 * worker until the last one has ended (seen on 2.0.21, also with `lazy-apps`).
 *
 * Some reloads cannot be detected. With a single worker, or with a request in each worker, the document equals that of
 * a busy server. A chain reload ends one worker at a time.
 */
export function isReloading(workers: readonly Worker[]): boolean {
  const living = workers.filter(({ alive }) => alive);
  return (
    living.length > 0 &&
    workers.some((worker) => stateOf(worker) === 'down') &&
    living.every(({ cores, status }) =>
      cores.length === 0 ? status === 'busy' : cores.some(({ inRequest }) => inRequest),
    )
  );
}
