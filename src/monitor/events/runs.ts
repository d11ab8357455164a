import { isReloading, isServing, stateOf } from '../../rates/state.ts';
import type { Snapshot } from '../../stats/snapshot.ts';
import { duration } from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import { closed, isOpen, type Log, recorded, renamed } from './log.ts';

/** A reload or stop that waits for requests (`isReloading`). */
export interface Waiting {
  /** Unix seconds of the first and the last reading that showed it. */
  since: number;
  last: number;
  /** Workers that cheaper had not stopped. */
  workers: number;
}

/** Keys of the open events: a wait for requests, and a new run until all workers serve requests. */
const WAIT = 'wait';
const RUN = 'run';
const LIMITS = [{ group: RUN, most: 20, more: 'the server is reloaded or restarted repeatedly' }];

/** Seconds after which a wait is an event: a worker that has just died looks the same. */
const HOLDS = 2;
/** Seconds after the wait in which the new run can begin. The application may be loaded before it. */
const PAUSE = 60;

/** The wait for requests, continued from the reading before; `null` if there is none. */
export function waitingIn(before: Waiting | null, snapshot: Snapshot, now: number): Waiting | null {
  const known = before && now >= before.last && now - before.last < PAUSE ? before : null;
  if (snapshot.kind !== 'app' || isReady(snapshot)) return null;
  if (!isReloading(snapshot.workers)) return known;
  const workers = snapshot.workers.filter((worker) => stateOf(worker) !== 'cheap').length;
  return { since: known?.since ?? now, last: now, workers: known?.workers ?? workers };
}

/** The log while a reload or stop waits for requests, or after that or a new run has ended. */
export function withWaiting(log: Log, waiting: Waiting | null, snapshot: Snapshot, now: number): Log {
  if (waiting === null) {
    const next = closed(log, WAIT, now, 'it ended without a reload');
    return isReady(snapshot) ? closed(next, RUN, now) : next;
  }
  if (isOpen(log, WAIT) || isOpen(log, RUN) || waiting.last - waiting.since < HOLDS) return log;
  const text = `graceful reload or stop of ${plural(waiting.workers, 'worker')}, waits for requests`;
  const fact = {
    kind: 'reload',
    text,
    about: null,
    time: waiting.since,
    open: WAIT,
    limits: LIMITS,
  } as const;
  return recorded(log, fact, now);
}

/**
 * The log after a reload or a restart. Its end is the first reading in which all workers serve requests.
 *
 * @param waiting the wait for requests that preceded it, if one was seen
 */
export function withNewRun(
  log: Log,
  before: Snapshot,
  after: Snapshot,
  waiting: Waiting | null,
  now: number,
): Log {
  const [was, is] = [before.server.pid, after.server.pid];
  const isRestart = was !== is && was !== null && is !== null;
  const workers = after.kind === 'app' ? plural(after.workers.length, 'worker') : after.kind;
  const open = after.kind === 'app' ? { open: RUN } : {};
  const about = null;
  let next = closed(log, RUN, now);
  if (before.kind !== after.kind || isRestart) {
    const what =
      before.kind === after.kind ? `new master: pid ${was} → ${is}` : `another server (pid ${is ?? '-'})`;
    next = closed(next, WAIT, now, 'the server was stopped');
    next = recorded(
      next,
      { kind: 'restart', text: `${what}; ${workers}`, about, limits: LIMITS, ...open },
      now,
    );
  } else if (isOpen(log, WAIT)) next = renamed(next, WAIT, RUN);
  else {
    const doubt = was === null ? '; or a restart, because the document has no pid' : '';
    const graceful = waiting ? `graceful, after ${duration(now - waiting.since)}; ` : '';
    const time = waiting ? { time: waiting.since } : {};
    const text = `${graceful}${workers}${doubt}`;
    next = recorded(next, { kind: 'reload', text, about, limits: LIMITS, ...time, ...open }, now);
  }
  return isReady(after) ? closed(next, RUN, now) : next;
}

function isReady(snapshot: Snapshot): boolean {
  return (
    snapshot.kind === 'app' &&
    snapshot.workers.every((worker) => isServing(worker) || stateOf(worker) === 'cheap')
  );
}
