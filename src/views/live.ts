import type { History } from '../rates/history.ts';
import type { Sample } from '../rates/sample.ts';
import type { Glyphs } from './glyphs.ts';
import type { Mask } from './secrets.ts';
import type { Sort } from './table.ts';
import type { CoreMode } from './tables/worker-columns.ts';

/** Everything that the live view shows; a frame is a pure function of this and of the size. */
export interface Live {
  /** The target, as it was given. */
  target: string;
  /** The machine that the target is on. */
  node: string;
  sample: Sample | null;
  history: History;
  /** Unix seconds: the wall clock, for ages of what is not in the sample. */
  now: number;
  connection: Connection;
  /** Unix seconds of the last reset of the counters that was seen. */
  resetAt: number | null;
  view: ViewState;
}

export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** A file, or a pipe: it says what was so, and nothing follows. */
  | { state: 'saved' }
  /** `since` is the unix time of the last document; `retryAt` that of the next try; `advice` is sentences. */
  | { state: 'lost'; since: number | null; why: string; advice: string; retryAt: number };

/** What the user chose of one view. */
export interface TabState {
  /** `null`: the table's own order. */
  sort: Sort | null;
  /** Names of the columns to show, in order; `null`: those of the table. */
  columns: readonly string[] | null;
  /** What rows must be like to be shown (`filter.ts`); `null`: all. */
  filter: string | null;
  selected: string | null;
  top: number;
}

/** A view that was not touched yet. */
export const UNTOUCHED: TabState = { sort: null, columns: null, filter: null, selected: null, top: 0 };

/** What the user chose; of a view, of the one that is shown. */
export interface ViewState extends TabState {
  /** Seconds between reads. */
  interval: number;
  fast: boolean;
  /** Unix seconds since when the screen is frozen. */
  frozenAt: number | null;
  cores: CoreMode;
  /** Name of the view that is shown; `null`: the first one of the kind of document. */
  tab: string | null;
  /** What was left of the views that are not shown, by name. */
  left: Readonly<Record<string, TabState>>;
  /** The filter is being typed; this is what it was before. */
  prompt: { before: string | null } | null;
  /** The row that is looked at, and the first line of what is shown of it; `null` while none is. */
  detail: { id: string; top: number } | null;
  /** First line of the help that is shown; `null` while it is closed. */
  help: number | null;
  mask: Mask;
  glyphs: Glyphs;
}

/** Seconds between reads while `fast` is on. */
export const FAST_INTERVAL = 0.1;

/** Seconds between reads, now. */
export function intervalOf({ interval, fast }: ViewState): number {
  return fast ? Math.min(interval, FAST_INTERVAL) : interval;
}
