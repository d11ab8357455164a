import type { LevelChanges } from '../insights/assess.ts';
import type { PathPatterns } from '../insights/paths/pattern.ts';
import type { PeriodName } from '../insights/paths/period.ts';
import type { Event } from '../monitor/event.ts';
import type { Observation, Observed, Subject } from '../monitor/observation.ts';
import type { Finding } from '../rates/finding.ts';
import type { LongPatterns } from '../rates/long.ts';
import type { Stack } from '../stats/stacks.ts';
import type { Mask } from '../text/secrets.ts';
import type { Where } from './bindings.ts';
import type { CoreMode } from './core-modes.ts';
import type { Role } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import type { Keymap } from './keymap.ts';
import type { Sort } from './order.ts';
import type { Replay } from './replay.ts';
import type { Thresholds } from './thresholds.ts';

/** The choices of the user, and the results of actions that are on the screen. */
export interface Interaction {
  /** The machine on which the target runs. */
  node: string;
  /** Name of the shown server among several; `null` for a single server, and for all of them. */
  name: string | null;
  /** Title of the view to which `back` leads from this server; `null` if it leads nowhere. */
  backTo: string | null;
  /** Factor by which all reads are slowed down, because this process uses too much CPU time. */
  pace: number;
  /** Unix seconds of the wall clock, for the ages of things that are not in the sample. */
  now: number;
  /** The last observation that contained the row of the detail, once the row no longer exists. */
  lastSeen: Observed | null;
  /** The Python stack that was requested last. */
  stack: StackReading | null;
  /** Result of an action, shown for a few seconds. */
  notice: Notice | null;
  /** The folder of the recording that is being written; `null` for none. */
  recording: string | null;
  /** The position in the past that is shown; `null` for the present. */
  replay: Replay | null;
  view: ViewState;
}

/** All inputs of one frame except its size. A frame is a pure function of the scene and the size. */
export type Scene = Observation<Subject> & Interaction;

/** The Python stack of a core or of a worker, read on demand. */
export interface StackReading {
  worker: number;
  /** `null`: all cores of the worker. */
  core: number | null;
  result:
    | { state: 'reading' }
    | { state: 'read'; time: number; stacks: readonly Stack[] }
    | { state: 'failed'; why: string };
}

/** A message in the header that disappears after a few seconds. */
export interface Notice {
  text: string;
  role: Role;
  /** Unix seconds. */
  at: number;
}

/** The choices of the user for one view. */
export interface TabState {
  /** `null`: the default order of the table. */
  sort: Sort | null;
  /** Names of the shown columns, in order. `null`: the default columns of the table. */
  columns: readonly string[] | null;
  /** Condition for the rows to show (`filter.ts`). `null`: all rows. */
  filter: string | null;
  selected: string | null;
  top: number;
}

/** Nothing is selected in the table below, which shows its first rows. */
export const AT_TOP: ViewState['lower'] = { selected: null, top: 0 };

/** Initial state of a view. */
export const UNTOUCHED: TabState = { sort: null, columns: null, filter: null, selected: null, top: 0 };

/** Time range of the charts: the last minutes by the second, or the last hour. */
export type ChartRange = 'near' | 'hour';

/**
 * Whether the shown data is current: not from a file, not frozen, and the last read succeeded. Otherwise no stack can
 * be read.
 */
export function isOfNow({
  view,
  connection,
  replay,
}: Pick<Scene, 'view' | 'connection' | 'replay'>): boolean {
  return replay === null && view.frozenAt === null && connection.state === 'live';
}

/** State of the open detail. */
export interface DetailState {
  id: string;
  /** Index of the first shown line. */
  top: number;
  /** Index of the field under the cursor; `null` if there is no cursor. */
  field: number | null;
  search: string | null;
  /** The finding or the event from which the detail was opened, and to which `back` returns. */
  finding?: Finding;
  event?: Event;
  /** Name of the view to which `back` returns. Absent: the current view. */
  from?: string;
  /** The detail was opened from another server or from the fleet, to which `back` returns. */
  isVisit?: true;
}

/** State of the open help. */
export interface HelpState {
  /** Index of the shown page. It can be too high after the terminal has become larger. */
  page: number;
  search: string | null;
  /** Index of the entry with the current match; `null` without a match. */
  at: number | null;
}

/** State of the open list of columns. `kind` is the name of its overlay. */
export type ChooserState = ColumnChooser | SortMenu;

interface ColumnList {
  /** Names of the entries, in display order. */
  order: readonly string[];
  /** Index of the cursor in `order`. */
  at: number;
}

/** The list from which the user chooses the shown columns. It has all columns of the view. */
export interface ColumnChooser extends ColumnList {
  kind: 'chooser';
  /** Names of the shown columns; at least one. */
  shown: readonly string[];
}

/** The list from which the user chooses the order: `DEFAULT_ORDER`, then all columns of the view. */
export interface SortMenu extends ColumnList {
  kind: 'sort';
}

/** Name of the entry of the sort menu for the default order of the view. */
export const DEFAULT_ORDER = '';

/** All choices of the user. The fields of `TabState` belong to the current view. */
export interface ViewState extends TabState {
  /** Seconds between reads. */
  interval: number;
  fast: boolean;
  /** Unix seconds at which the screen was frozen; `null` if it is not frozen. */
  frozenAt: number | null;
  cores: CoreMode;
  /** Rows that do no work are hidden, in the views that know such rows. */
  hidesIdle: boolean;
  /** Free lines below a table show the view that it names. */
  isSplit: boolean;
  /** Selection and scroll position of the table in the free lines. */
  lower: Pick<TabState, 'selected' | 'top'>;
  chartRange: ChartRange;
  /** Period of the paths. */
  period: PeriodName;
  /** Name of the current view. `null`: the first view for the kind of document. */
  tab: string | null;
  /** Name of the view to open first. `null`: the first one that has the requested columns. */
  firstTab: string | null;
  /** States of the views that are not shown, by name. */
  otherTabs: Readonly<Record<string, TabState>>;
  /**
   * Open prompt for the filter, or for the search in the help or the detail, with the text before it was opened. With
   * `time`, the prompt is for a time to jump to, and `time` is its text.
   * `null`: no prompt.
   */
  prompt: { before: string | null; time?: string } | null;
  /** Open question in the bottom line, before settings overwrite a file. `null`: no question. */
  question: string | null;
  /** `null` while no detail is open. */
  detail: DetailState | null;
  /** `null` while no list of columns is open. */
  chooser: ChooserState | null;
  /** `null` while the help is closed. */
  help: HelpState | null;
  mask: Mask;
  glyphs: Glyphs;
  keys: Keymap;
  thresholds: Thresholds;
  /** Thresholds of findings that the settings change. */
  levels: LevelChanges;
  /** Patterns for the paths of intentionally long requests. */
  long: LongPatterns;
  /** Patterns of paths that are counted together. */
  paths: PathPatterns;
  /**
   * Name of the view from which a row led to the current view and its filter, and to which `back` returns; `null` for
   * none.
   */
  ledFrom: string | null;
}

/** Seconds between reads while `fast` is on. */
export const FAST_INTERVAL = 0.1;

/** The current number of seconds between reads. */
export function intervalOf({ interval, fast }: ViewState): number {
  return fast ? Math.min(interval, FAST_INTERVAL) : interval;
}

/** The overlay that receives keys before the table; `null` while the table receives them. */
export function whereOf({ help, detail, chooser }: ViewState): Where | null {
  if (help !== null) return 'help';
  return chooser ? chooser.kind : detail ? 'detail' : null;
}
