import { aboutWorker } from '../../rates/about.ts';
import type { Reading } from '../../rates/sample.ts';
import { stateOf } from '../../rates/state.ts';
import type { AppSnapshot, Worker } from '../../stats/snapshot.ts';
import { plural } from '../../text/words.ts';
import { lastSeen } from './in-flight.ts';
import { type Log, recorded } from './log.ts';

/** Changes of a worker between two readings without a reset. */
export interface Change {
  before: Worker;
  after: Worker;
  /** Number of harakiris, and of starts of a process. */
  harakiris: number;
  starts: number;
  /** Whether cheaper has started (1) or stopped (-1) it. */
  cheaper: 1 | -1 | 0;
}

/** The workers of which a counter, the process or the state has changed. */
export function changesOf(before: AppSnapshot, after: AppSnapshot): Change[] {
  const changes: Change[] = [];
  for (const [place, worker] of after.workers.entries()) {
    const old = before.workers[place];
    if (old === undefined) continue;
    const harakiris = increase(old.harakiris, worker.harakiris);
    const starts = increase(old.spawns, worker.spawns);
    const cheaper = isCheap(old) === isCheap(worker) ? 0 : isCheap(old) ? 1 : -1;
    if (harakiris > 0 || starts > 0 || cheaper !== 0)
      changes.push({ before: old, after: worker, harakiris, starts, cheaper });
  }
  return changes;
}

function increase(before: number | null, after: number | null): number {
  return before === null || after === null ? 0 : Math.max(0, after - before);
}

function isCheap(worker: Worker): boolean {
  return stateOf(worker) === 'cheap';
}

const HARAKIRIS = { group: 'harakiri', most: 20, more: 'many harakiris' };
const CRASHES = { group: 'crash', most: 20, more: 'many workers end during a request' };
const RESPAWNS = { group: 'respawn', most: 10, more: 'many workers are replaced' };

/**
 * The log after harakiris and respawns of workers.
 *
 * @param killed ids of the workers that were killed before. Their start is part of it
 */
export function withProcesses(
  log: Log,
  changes: readonly Change[],
  { time, timeIsExact = true }: Reading,
  killed: ReadonlySet<number>,
  now: number,
): Log {
  let next = log;
  const replaced: Worker[] = [];
  for (const { before, after, harakiris, starts, cheaper } of changes) {
    const about = aboutWorker(after.id);
    const seen = () => lastSeen(before, { time, timeIsExact }, after);
    const who = `worker ${after.id}${before.pid === null ? '' : ` (pid ${before.pid})`}`;
    if (harakiris > 0) {
      const times = harakiris > 1 ? ` ${harakiris} times` : '';
      const more = starts > harakiris ? `; it was replaced ${plural(starts, 'time')}` : '';
      const text = `${who} was killed${times}; ${seen() ?? unseen(before)}${more}`;
      next = recorded(next, { kind: 'harakiri', text, about, limits: [HARAKIRIS] }, now);
    } else if (starts > 0 && cheaper === 0 && !isCheap(before) && !killed.has(after.id)) {
      const request = seen();
      if (request === null) replaced.push(after);
      else {
        const text = `${who} ended and was replaced; ${request}`;
        next = recorded(next, { kind: 'respawn', text, about, limits: [CRASHES] }, now);
      }
    }
  }
  const [first] = replaced;
  if (first === undefined) return next;
  const text =
    replaced.length === 1
      ? `worker ${first.id} was replaced (now pid ${first.pid ?? '-'})`
      : `${plural(replaced.length, 'worker')} were replaced: ${idsOf(replaced)}`;
  const about = replaced.length === 1 ? aboutWorker(first.id) : { view: 'workers', row: null };
  return recorded(next, { kind: 'respawn', text, about, limits: [RESPAWNS] }, now);
}

function unseen({ cores }: Worker): string {
  return cores.length === 0
    ? 'its request is unknown, because the server does not list cores'
    : 'its request was not seen, because it began after the reading before';
}

const MOST_IDS = 10;

function idsOf(workers: readonly Worker[]): string {
  const ids = workers.slice(0, MOST_IDS).map(({ id }) => id);
  return `${ids.join(', ')}${workers.length > MOST_IDS ? ', …' : ''}`;
}
