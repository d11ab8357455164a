import { stateOf } from '../../rates/state.ts';
import type { AppSnapshot } from '../../stats/snapshot.ts';
import { plural } from '../../text/words.ts';
import { closed, type Log, recorded, retold } from './log.ts';
import type { Change } from './workers.ts';

/** Changes of cheaper that follow each other closely, and are one event. */
export interface CheaperRun {
  begin: number;
  /** Unix seconds of the last change. */
  last: number;
  started: number;
  stopped: number;
  /** Number of changes. */
  changes: number;
  /** Least and greatest number of workers that ran. */
  least: number;
  most: number;
}

/** Seconds without a change that end a run, and the longest run. */
const QUIET = 60;
const LONGEST = 600;

const CHEAPER = 'cheaper';

/** The log, and the run of changes, after a reading. */
export function withCheaper(
  log: Log,
  run: CheaperRun | null,
  snapshot: AppSnapshot,
  changes: readonly Change[],
  now: number,
): { log: Log; run: CheaperRun | null } {
  const started = changes.filter(({ cheaper }) => cheaper === 1).length;
  const stopped = changes.filter(({ cheaper }) => cheaper === -1).length;
  if (started + stopped === 0) {
    const isOver = run !== null && (now - run.last >= QUIET || now < run.last);
    return isOver ? { log: withEnd(log, run), run: null } : { log, run };
  }
  const all = snapshot.workers.length;
  const running = snapshot.workers.filter((worker) => stateOf(worker) !== 'cheap').length;
  if (run !== null && now >= run.last && now - run.begin < LONGEST) {
    const next = {
      begin: run.begin,
      last: now,
      started: run.started + started,
      stopped: run.stopped + stopped,
      changes: run.changes + 1,
      least: Math.min(run.least, running),
      most: Math.max(run.most, running),
    };
    return { log: retold(log, CHEAPER, textOf(next, running, all)), run: next };
  }
  const first = { begin: now, last: now, started, stopped, changes: 1, least: running, most: running };
  const fact = {
    kind: CHEAPER,
    text: textOf(first, running, all),
    about: { view: 'workers', row: null },
    open: CHEAPER,
    limits: [],
  } as const;
  return {
    log: recorded(withCheaperEnd(log, run), fact, now),
    run: first,
  };
}

function textOf({ started, stopped }: CheaperRun, running: number, all: number): string {
  const what = [
    ...(started > 0 ? [`${plural(started, 'worker')} started`] : []),
    ...(stopped > 0 ? [`${plural(stopped, 'worker')} stopped`] : []),
  ].join(', ');
  return `${what}; ${running} of ${all} run`;
}

/** The log after the end of a run of changes; unchanged without a run. */
export function withCheaperEnd(log: Log, run: CheaperRun | null): Log {
  return run === null ? log : withEnd(log, run);
}

function withEnd(log: Log, { last, changes, least, most }: CheaperRun): Log {
  return closed(log, CHEAPER, last, changes === 1 ? undefined : `${least} to ${most} ran`);
}
