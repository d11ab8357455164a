import type { Worker } from '../stats/snapshot.ts';

/** What a worker does, as the counts of a server name it. */
export const WORKER_STATES = ['busy', 'idle', 'loading', 'cheap', 'paused', 'down', 'other'] as const;
export type WorkerState = (typeof WORKER_STATES)[number];

/** A map, not an object: a status is text of the document, and could be `constructor`. */
const STATUSES: ReadonlyMap<string, WorkerState> = new Map([
  ['busy', 'busy'],
  ['idle', 'idle'],
  ['cheap', 'cheap'],
  ['pause', 'paused'],
]);

/** `other` is a uWSGI signal handler, or a status that this program does not know. */
export function stateOf(worker: Worker): WorkerState {
  const state = STATUSES.get(worker.status) ?? 'other';
  if (state === 'cheap') return state;
  if (!worker.alive) return 'down';
  return isLoading(worker) ? 'loading' : state;
}

/**
 * Whether the application of a worker is still being loaded. `accepting` is 0 from the fork until then (core/uwsgi.c).
 * An application can set it to 0 later with `uwsgi.accepting(0)`, but its worker goes on to serve requests.
 */
export function isLoading({ alive, accepting, status, requestsSinceSpawn }: Worker): boolean {
  return alive && accepting === false && status === 'idle' && requestsSinceSpawn === 0;
}

/** Whether a worker can serve requests: only then its cores are capacity. */
export function isServing(worker: Worker): boolean {
  return worker.alive && !isLoading(worker);
}

/** What `isReloading` says, in one word or two: the document does not tell a reload from a stop. */
export const RELOADING = 'reloading or stopping';

/**
 * Whether a graceful reload or stop waits for requests. uWSGI ends the workers without one at once, and starts none
 * until the last worker has ended (seen on 2.0.21, with lazy-apps, too). With one worker, or with a request in each,
 * the document is that of a busy server, and a chain reload ends one worker at a time: nothing shows these.
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
