import type { Action } from './actions.ts';
import { detailLines } from './detail.ts';
import type { Size } from './frame.ts';
import { helpLines } from './help.ts';
import { type Live, type TabState, UNTOUCHED, type ViewState } from './live.ts';
import { layout } from './screen.ts';
import { window } from './table.ts';
import { CORE_MODES } from './tables/worker-columns.ts';
import { sortOf } from './view.ts';
import { tableOf, VIEWS, viewOf } from './views.ts';

/** Steps of `+` and `-`, in seconds. */
const INTERVALS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600];

/** What the user sees after an action. Quitting, suspending and redrawing are not of the view: they change nothing here. */
export function update(live: Live, action: Action, size: Size): Live {
  const change = viewChange(live, action, size);
  return change ? { ...live, view: { ...live.view, ...change } } : live;
}

function viewChange(live: Live, action: Action, size: Size): Partial<ViewState> | null {
  const { view } = live;
  if (view.prompt !== null) {
    const typed = promptChange(view, view.prompt.before, action);
    if (typed) return typed;
  }
  if (view.help !== null) {
    const scrolled = helpChange(live, view.help, action, size);
    if (scrolled) return scrolled;
  } else if (view.detail !== null) {
    const scrolled = detailChange(live, view.detail, action, size);
    if (scrolled) return scrolled;
  }
  switch (action.kind) {
    case 'help':
      return { help: view.help === null ? 0 : null };
    case 'back':
      return back(view);
    case 'detail':
      return openDetail(live, size);
    case 'filter':
      return { prompt: { before: view.filter } };
    case 'match':
      return nextMatch(live, action.step);
    case 'tab':
    case 'view':
    case 'viewNumber':
      return goTo(live, nameOf(live, action));
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
      return move(live, action, layout(size).body - 1);
    default:
      return null;
  }
}

/** Looks at the selected row, or at the first one in view. */
function openDetail(live: Live, size: Size): Partial<ViewState> | null {
  const { sample, view } = live;
  if (sample === null) return null;
  const table = tableOf(viewOf(live), sample, view);
  const state = { sort: sortOf(viewOf(live), view), selected: view.selected, top: view.top };
  const { top, selected } = window(table, state, layout(size).body - 1);
  const row = table.rows[selected < 0 ? top : selected];
  if (row === undefined) return null;
  const id = table.id(row);
  return { selected: id, detail: { id, top: 0 } };
}

function detailChange(
  live: Live,
  detail: { id: string; top: number },
  action: Action,
  size: Size,
): Partial<ViewState> | null {
  if (action.kind === 'back' || action.kind === 'detail') return { detail: null };
  const top = scrolled(detail.top, detailLines(live, size.columns).length, action, layout(size).body);
  return top === null ? null : { detail: { ...detail, top } };
}

/** The first line to show of so many after a movement; `null` when the action is none. */
function scrolled(top: number, lines: number, action: Action, height: number): number | null {
  const last = Math.max(0, lines - height);
  switch (action.kind) {
    case 'move':
    case 'scroll':
      return clamp(top + action.rows, 0, last);
    case 'page':
      return clamp(top + action.pages * (height - 1), 0, last);
    case 'edge':
      return action.edge === 'first' ? 0 : last;
    default:
      return null;
  }
}

/** Lets go of what is nearest: the row, then the filter. */
function back(view: ViewState): Partial<ViewState> {
  return view.selected === null ? { filter: null, top: 0 } : { selected: null, top: 0 };
}

/** While the filter is typed. It filters with each character. */
function promptChange(view: ViewState, before: string | null, action: Action): Partial<ViewState> | null {
  const filter = view.filter ?? '';
  const become = (text: string) => ({ filter: text === '' ? null : text, top: 0 });
  switch (action.kind) {
    case 'type':
      return become(filter + action.text);
    case 'erase':
      return become(erased(filter, action.what));
    case 'accept':
      return { prompt: null };
    case 'back':
      return { prompt: null, filter: before };
    default:
      return null;
  }
}

function erased(text: string, what: 'character' | 'word' | 'all'): string {
  switch (what) {
    case 'character':
      return [...text].slice(0, -1).join('');
    case 'word':
      return text.replace(/\S*\s*$/, '');
    case 'all':
      return '';
  }
}

function nextMatch(live: Live, step: 1 | -1): Partial<ViewState> | null {
  const { sample, view } = live;
  if (sample === null || view.filter === null) return null;
  const table = tableOf(viewOf(live), sample, view);
  const at = table.rows.findIndex((row) => table.id(row) === view.selected);
  const next = table.rows.at((at < 0 && step < 0 ? 0 : at) + step) ?? table.rows[0];
  return next === undefined ? null : { selected: table.id(next) };
}

/** While the help is open, the keys that move move it. */
function helpChange(live: Live, top: number, action: Action, size: Size): Partial<ViewState> | null {
  if (action.kind === 'back' || action.kind === 'help') return { help: null };
  const help = scrolled(top, helpLines(viewOf(live).columns).length, action, layout(size).body);
  return help === null ? null : { help };
}

function nextInterval(interval: number, step: 1 | -1): number {
  if (step > 0) return INTERVALS.find((each) => each > interval) ?? interval;
  return INTERVALS.findLast((each) => each < interval) ?? interval;
}

type ViewAction = Extract<Action, { kind: 'tab' | 'view' | 'viewNumber' }>;

/** The view that an action asks for; the one that is shown when there is no such view. */
function nameOf(live: Live, action: ViewAction): string {
  const names = VIEWS[live.sample?.kind ?? 'app'].map(({ name }) => name);
  const current = viewOf(live).name;
  switch (action.kind) {
    case 'tab':
      return names.at((names.indexOf(current) + action.step) % names.length) ?? current;
    case 'view':
      return action.name;
    case 'viewNumber':
      return names[action.number - 1] ?? current;
  }
}

/** Another view, as it was left. */
function goTo(live: Live, name: string): Partial<ViewState> | null {
  const { view } = live;
  const current = viewOf(live).name;
  if (name === current) return { help: null };
  const { sort, columns, filter, selected, top } = view;
  const kept: TabState = { sort, columns, filter, selected, top };
  return {
    tab: name,
    left: { ...view.left, [current]: kept },
    ...(view.left[name] ?? UNTOUCHED),
    prompt: null,
    detail: null,
    help: null,
  };
}

/** By a column in its own order; by the same one again, the other way round. */
function sortBy(live: Live, name: string): ViewState['sort'] {
  const view = viewOf(live);
  const current = sortOf(view, live.view);
  const column = view.columns.find((each) => each.name === name);
  if (!column) return live.view.sort;
  return { column: name, descending: current.column === name ? !current.descending : column.descending };
}

function sortByNeighbour(live: Live, step: 1 | -1): Partial<ViewState> | null {
  if (!live.sample) return null;
  const view = viewOf(live);
  const { columns } = tableOf(view, live.sample, live.view);
  const at = columns.findIndex(({ name }) => name === sortOf(view, live.view).column);
  const next = columns[at + step];
  return next ? { sort: sortBy(live, next.name), top: 0 } : null;
}

type Movement = Extract<Action, { kind: 'move' | 'page' | 'edge' | 'scroll' }>;

function move(live: Live, action: Movement, height: number): Partial<ViewState> | null {
  const { sample, view } = live;
  if (!sample) return null;
  const shown = viewOf(live);
  const table = tableOf(shown, sample, view);
  const last = table.rows.length - 1;
  const state = { sort: sortOf(shown, view), selected: view.selected, top: view.top };
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
