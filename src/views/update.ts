import type { Action } from './actions.ts';
import { COLUMNS } from './columns.ts';
import type { Size } from './frame.ts';
import { helpLines } from './help.ts';
import type { Live, ViewState } from './live.ts';
import { layout } from './screen.ts';
import { window } from './table.ts';
import { mainTable, sortOf } from './tables.ts';
import { CORE_MODES } from './worker-columns.ts';

/** Steps of `+` and `-`, in seconds. */
const INTERVALS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600];

/** What the user sees after an action. Quitting, suspending and redrawing are not of the view: they change nothing here. */
export function update(live: Live, action: Action, size: Size): Live {
  const change = viewChange(live, action, size);
  return change ? { ...live, view: { ...live.view, ...change } } : live;
}

function viewChange(live: Live, action: Action, size: Size): Partial<ViewState> | null {
  const { view } = live;
  if (view.help !== null) {
    const scrolled = helpChange(live, view.help, action, size);
    if (scrolled) return scrolled;
  }
  switch (action.kind) {
    case 'help':
      return { help: view.help === null ? 0 : null };
    case 'back':
      return { selected: null, top: 0 };
    case 'body':
      return { body: view.body === 'table' ? 'charts' : 'table' };
    case 'cores':
      return {
        cores: CORE_MODES[(CORE_MODES.indexOf(view.cores) + 1) % CORE_MODES.length] ?? 'off',
        selected: null,
        top: 0,
      };
    case 'fast':
      return { fast: !view.fast };
    case 'freeze':
      return { frozenAt: view.frozenAt === null ? live.now : null };
    case 'interval':
      return { interval: nextInterval(view.interval, action.step), fast: false };
    case 'sort':
      return { sort: sortBy(live, action.column), top: 0 };
    case 'sortBy':
      return sortByNeighbour(live, action.step);
    case 'move':
    case 'page':
    case 'edge':
    case 'scroll':
      return move(live, action, layout(live, size).table - 1);
    default:
      return null;
  }
}

/** While the help is open, the keys that move move it. */
function helpChange(live: Live, top: number, action: Action, size: Size): Partial<ViewState> | null {
  const { table, footnote } = layout(live, size);
  const height = table + footnote;
  const last = Math.max(0, helpLines(COLUMNS[live.sample?.kind ?? 'app'].columns).length - height);
  switch (action.kind) {
    case 'back':
    case 'help':
      return { help: null };
    case 'move':
    case 'scroll':
      return { help: clamp(top + action.rows, 0, last) };
    case 'page':
      return { help: clamp(top + action.pages * (height - 1), 0, last) };
    case 'edge':
      return { help: action.edge === 'first' ? 0 : last };
    default:
      return null;
  }
}

function nextInterval(interval: number, step: 1 | -1): number {
  if (step > 0) return INTERVALS.find((each) => each > interval) ?? interval;
  return INTERVALS.findLast((each) => each < interval) ?? interval;
}

/** By a column in its own order; by the same one again, the other way round. */
function sortBy(live: Live, name: string): ViewState['sort'] {
  const kind = live.sample?.kind ?? 'app';
  const current = sortOf(kind, live.view);
  const column = COLUMNS[kind].columns.find((each) => each.name === name);
  if (!column) return live.view.sort;
  return { column: name, descending: current.column === name ? !current.descending : column.descending };
}

function sortByNeighbour(live: Live, step: 1 | -1): Partial<ViewState> | null {
  if (!live.sample) return null;
  const columns = mainTable(live.sample, live.view).columns;
  const at = columns.findIndex(({ name }) => name === sortOf(live.sample?.kind ?? 'app', live.view).column);
  const next = columns[at + step];
  return next ? { sort: sortBy(live, next.name), top: 0 } : null;
}

type Movement = Extract<Action, { kind: 'move' | 'page' | 'edge' | 'scroll' }>;

function move({ sample, view }: Live, action: Movement, height: number): Partial<ViewState> | null {
  if (!sample) return null;
  const table = mainTable(sample, view);
  const last = table.rows.length - 1;
  const state = { sort: sortOf(sample.kind, view), selected: view.selected, top: view.top };
  const { top, selected } = window(table, state, height);
  if (last < 0) return null;
  if (action.kind === 'scroll') {
    return { top: clamp(top + action.rows, 0, Math.max(0, last + 1 - height)), selected: null };
  }
  // Without a row to start from, the first step goes to the first row in view.
  const from = selected < 0 ? (action.kind === 'move' && action.rows > 0 ? top - 1 : top) : selected;
  const row = table.rows[clamp(target(action, from, last, height), 0, last)];
  const state2 = { ...state, selected: table.id(row), top };
  return { selected: state2.selected, top: window(table, state2, height).top };
}

function target(
  action: Exclude<Movement, { kind: 'scroll' }>,
  from: number,
  last: number,
  height: number,
): number {
  switch (action.kind) {
    case 'move':
      return from + action.rows;
    case 'page':
      return from + action.pages * Math.max(1, height - 1);
    case 'edge':
      return action.edge === 'first' ? 0 : last;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
