import type { Item } from './play.ts';

/** What can be played: a recording, or the recent past in memory. Times are in Unix seconds. */
export interface Timeline {
  /** The blocks in the order of their times. Playing can begin at each of them. */
  readonly blocks: readonly { time: number; until: number }[];
  /** Times of the first and the last event. */
  readonly start: number;
  readonly end: number;
  /** Returns the items from the block that contains a time, or else from the first later block, to the end. */
  items(from: number): Iterable<Item>;
}
