import type { Event } from './event.ts';
import type { CheaperRun } from './events/cheaper.ts';
import { type Log, NO_EVENTS } from './events/log.ts';
import type { Waiting } from './events/runs.ts';

/** State that is kept between readings, from which the next events are computed. */
export interface Traces extends Omit<Log, 'events'> {
  /** Unix seconds of the first reading; `null` before it. */
  first: number | null;
  waiting: Waiting | null;
  cheaper: CheaperRun | null;
  /** Ids of the workers that were killed and have not been seen to start again. */
  killed: ReadonlySet<number>;
}

/** The events of a server, and the state for the next ones. */
export interface Recorded {
  events: readonly Event[];
  traces: Traces;
}

export const NOBODY: ReadonlySet<number> = new Set();

/** What is recorded before the first event of the source. */
export const NOTHING_RECORDED: Recorded = split(NO_EVENTS, {
  first: null,
  waiting: null,
  cheaper: null,
  killed: NOBODY,
});

export type Kept = Omit<Traces, keyof Log>;

/** Takes the events of a log apart from the state that is kept. */
export function split({ events, ...log }: Log, kept: Kept): Recorded {
  return { events, traces: { ...log, ...kept } };
}
