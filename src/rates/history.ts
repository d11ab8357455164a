import type { Sample } from './sample.ts';

/** What is kept of a sample for the charts. */
export interface Point {
  /** Unix seconds. */
  time: number;
  rps: number | null;
  /** Seconds. */
  responseTime: number | null;
}

/** Past samples, oldest first, in bounded memory. */
export type History = readonly Point[];

/** Ten minutes at a read a second. */
const MOST_POINTS = 600;

/** The history with one more sample; the oldest one goes when it is full. Only app servers have rates to keep. */
export function remember(history: History, sample: Sample): History {
  if (sample.kind !== 'app') return history;
  const { rps, responseTime } = sample.totals;
  return [...history.slice(1 - MOST_POINTS), { time: sample.time, rps, responseTime }];
}
