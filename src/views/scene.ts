import type { LevelChanges } from '../insights/assess.ts';
import type { Observation, Observed } from '../monitor/observation.ts';
import type { Finding } from '../rates/finding.ts';
import type { LongPatterns } from '../rates/long.ts';
import type { Stack } from '../stats/stacks.ts';
import type { Mask } from '../text/secrets.ts';
import type { Where } from './bindings.ts';
import type { CoreMode } from './core-modes.ts';
import type { Role } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import type { Keymap } from './keymap.ts';
import type { Sort } from './table.ts';
import type { Thresholds } from './thresholds.ts';

/** What the user chose, and what actions have left on the screen. */
export interface Interaction {
  /** The machine that the target is on. */
  node: string;
  /** Unix seconds: the wall clock, for ages of what is not in the sample. */
  now: number;
  /** The last observation that had the row that is looked at, once it is there no more. */
  lastSeen: Observed | null;
  /** The Python stack that was asked for last. */
  stack: StackReading | null;
  /** What an action has to say for itself; it passes. */
  notice: Notice | null;
  view: ViewState;
}

/** Everything that one frame shows: a frame is a pure function of this and of the size. */
export type Scene = Observation & Interaction;

/** The Python stack of a core, read on demand. */
export interface StackReading {
  worker: number;
  /** `null`: all of the worker's. */
  core: number | null;
  result:
    | { state: 'reading' }
    | { state: 'read'; time: number; stacks: readonly Stack[] }
    | { state: 'failed'; why: string };
}

export interface Notice {
  text: string;
  role: Role;
  /** Unix seconds. */
  at: number;
}

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

/** The last minutes by the second, or the last hour. */
export type ChartRange = 'near' | 'hour';

/** Whether what is shown is of now: not of a file, nor frozen, nor older than a failed read. Only then a stack can be read. */
export function isOfNow({ view, connection }: Pick<Scene, 'view' | 'connection'>): boolean {
  return view.frozenAt === null && connection.state === 'live';
}

/** The row that is looked at. */
export interface DetailState {
  id: string;
  /** First line that is shown. */
  top: number;
  /** Place of the field under the cursor; `null` while there is none. */
  field: number | null;
  search: string | null;
  /** The finding that it was opened from, and is gone back to. */
  finding?: Finding;
}

/** Columns are being chosen. */
export interface ChooserState {
  /** Names of all columns of the view, in the order to show. */
  order: readonly string[];
  /** Those that are shown; at least one. */
  shown: readonly string[];
  /** Place of the cursor in `order`. */
  at: number;
}

/** What the user chose; of a view, of the one that is shown. */
export interface ViewState extends TabState {
  /** Seconds between reads. */
  interval: number;
  fast: boolean;
  /** Unix seconds since when the screen is frozen. */
  frozenAt: number | null;
  cores: CoreMode;
  /** How far the charts go back. */
  chartRange: ChartRange;
  /** Name of the view that is shown; `null`: the first one of the kind of document. */
  tab: string | null;
  /** What was left of the views that are not shown, by name. */
  otherTabs: Readonly<Record<string, TabState>>;
  /** The filter, or what is searched in the detail, is being typed; this is what it was before. */
  prompt: { before: string | null } | null;
  /** What the line at the bottom asks, before settings are written over a file; `null`: nothing. */
  question: string | null;
  /** `null` while no row is looked at. */
  detail: DetailState | null;
  /** `null` while no columns are chosen. */
  chooser: ChooserState | null;
  /** First line of the help that is shown; `null` while it is closed. */
  help: number | null;
  mask: Mask;
  glyphs: Glyphs;
  keys: Keymap;
  thresholds: Thresholds;
  /** From when on something is a finding, where that was set. */
  levels: LevelChanges;
  /** Paths of requests that are long on purpose. */
  long: LongPatterns;
}

/** Seconds between reads while `fast` is on. */
export const FAST_INTERVAL = 0.1;

/** Seconds between reads, now. */
export function intervalOf({ interval, fast }: ViewState): number {
  return fast ? Math.min(interval, FAST_INTERVAL) : interval;
}

/** What lies over the table, and takes keys before it. */
export function whereOf({ help, detail, chooser }: ViewState): Where | null {
  if (help !== null) return null;
  return chooser ? 'chooser' : detail ? 'detail' : null;
}
