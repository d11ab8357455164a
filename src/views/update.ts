import { PERIODS, type PeriodName } from '../insights/paths/period.ts';
import type { Action } from './actions.ts';
import { CORE_MODES } from './core-modes.ts';
import type { Size } from './frame.ts';
import { isAllowed } from './overlays.ts';
import { activeRow, type Part, partsOf, windowOf } from './parts.ts';
import { AT_TOP, type Scene, type ViewState } from './scene.ts';
import { chooserChange, openChooser, openSortMenu } from './updates/chooser.ts';
import { detailChange, openDetail } from './updates/detail.ts';
import { HELP_OPENED, helpChange } from './updates/help.ts';
import { move, nextMatch, select } from './updates/moving.ts';
import { isOpening } from './updates/servers.ts';
import { sortBy, sortByNeighbour } from './updates/sorting.ts';
import { changeTab } from './updates/tabs.ts';
import { promptChange, typed } from './updates/typing.ts';
import { cellContext, viewOf } from './views.ts';

/** Steps of `+` and `-`, in seconds. */
const INTERVALS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600];

/** The scene after an action. Actions with an effect outside the view (quitting, copying) change nothing here. */
export function update(scene: Scene, action: Action, size: Size): Scene {
  if (!isAllowed(scene.view, action)) return scene;
  const change = changeOnTop(scene, action, size) ?? viewChange(scene, action, size);
  if (!change) return scene;
  const view = { ...scene.view, ...change };
  // A stack and a last observation apply only to the row for which they were read.
  return view.detail?.id === scene.view.detail?.id
    ? { ...scene, view }
    : { ...scene, view, stack: null, lastSeen: null };
}

/** An open question takes every action as its answer. Otherwise the topmost overlay handles the action first. */
function changeOnTop(scene: Scene, action: Action, size: Size): Partial<ViewState> | null {
  const { help, chooser, detail, prompt, question } = scene.view;
  if (question !== null) return { question: null };
  if (prompt?.time !== undefined) return promptChange(scene.view, action);
  if (help !== null) return helpChange(scene, help, action, size);
  if (chooser !== null) return chooserChange(scene, chooser, action);
  if (detail !== null) return detailChange(scene, detail, action, size);
  return prompt === null ? null : promptChange(scene.view, action);
}

/** Has a case for each action, so that the type check names an action without one. */
function viewChange(scene: Scene, action: Action, size: Size): Partial<ViewState> | null {
  const { view } = scene;
  switch (action.kind) {
    case 'help':
      return { help: HELP_OPENED, prompt: null };
    case 'back':
      return back(scene, size);
    case 'detail':
      return openActive(scene, size);
    case 'stack':
      return openStack(scene, size);
    case 'chooser':
      return openChooser(scene);
    case 'sortMenu':
      return openSortMenu(scene);
    case 'defaultOrder':
      return { sort: null, top: 0 };
    case 'filter':
      return { prompt: { before: typed(view) || null }, chooser: null };
    case 'match':
      return nextMatch(scene, action.step);
    case 'tab':
    case 'view':
    case 'viewNumber':
      return changeTab(scene, action);
    case 'cores':
      return {
        cores: CORE_MODES[(CORE_MODES.indexOf(view.cores) + 1) % CORE_MODES.length] ?? 'off',
        selected: null,
        top: 0,
      };
    case 'hideIdle':
      return { hidesIdle: !view.hidesIdle, top: 0 };
    case 'split':
      return { isSplit: !view.isSplit, lower: AT_TOP };
    case 'stretch':
      return viewOf(scene).measured === undefined
        ? { chartRange: view.chartRange === 'near' ? 'hour' : 'near' }
        : { period: nextPeriod(view.period), top: 0 };
    case 'fast':
      return { fast: !view.fast };
    case 'freeze':
      return { frozenAt: view.frozenAt === null ? scene.now : null };
    case 'jump':
      return { prompt: { before: null, time: '' } };
    case 'interval':
      return { interval: nextInterval(view.interval, action.step), fast: false };
    case 'sort':
      return { sort: sortBy(scene, action.column), top: 0 };
    case 'sortBy':
      return sortByNeighbour(scene, action.step);
    case 'move':
    case 'page':
    case 'edge':
    case 'scroll':
      return move(scene, action, size);
    case 'select':
      // A second click on the selected row opens its detail.
      return isOpening(view, action) ? openActive(scene, size) : select(scene, action, size);
    // Only an overlay takes these.
    case 'toggle':
    case 'choose':
    case 'shift':
    case 'restore':
    case 'yes':
    case 'no':
    case 'type':
    case 'erase':
    case 'accept':
      return null;
    // Effects, which change nothing in the view.
    case 'quit':
    case 'suspend':
    case 'redraw':
    case 'save':
    case 'record':
    case 'copy':
    case 'replay':
      return null;
  }
}

/** Opens the detail of the selected row. A row of the lower table opens in its own view. */
function openActive(scene: Scene, size: Size): Partial<ViewState> | null {
  const parts = partsOf(scene, size);
  if (parts === null) return null;
  const { active, upper } = parts;
  const led = openLead(scene, active);
  if (led !== null) return led;
  const change = openDetail(active);
  if (active === upper || !change?.detail) return change;
  const { name } = viewOf(active.scene);
  const from = viewOf(scene).name;
  const { lower } = scene.view;
  return {
    ...changeTab(scene, { kind: 'view', name }),
    ...change,
    lower,
    detail: { ...change.detail, from },
  };
}

/** Shows the rows of another view to which the selected row leads. `null` if it leads nowhere. */
function openLead(scene: Scene, active: Part): Partial<ViewState> | null {
  const from = viewOf(active.scene);
  const row = activeRow(active);
  if (row === undefined || !from.leads) return null;
  const lead = from.leads(row, cellContext(active.scene.sample, active.scene.view));
  if (lead === null) return null;
  return {
    ...changeTab(scene, { kind: 'view', name: lead.view }),
    ...{ filter: lead.filter, selected: null, top: 0, ledFrom: from.name },
  };
}

/** Opens the detail of a row whose Python stack can be read. Other rows do not open. */
function openStack(scene: Scene, size: Size): Partial<ViewState> | null {
  const change = openActive(scene, size);
  if (change === null) return null;
  return viewOf({ ...scene, view: { ...scene.view, ...change } }).runs ? change : null;
}

/**
 * Clears the selection or, if no selected row is on the screen, the filter. A filter to which a row of another view has
 * led is cleared together with the return to that view.
 */
function back(scene: Scene, size: Size): Partial<ViewState> {
  const parts = partsOf(scene, size);
  const unselected = { selected: null, top: 0, lower: AT_TOP };
  if (parts && windowOf(parts.active).selected >= 0) return unselected;
  const { filter, ledFrom } = scene.view;
  const cleared = { ...unselected, filter: null };
  if (filter === null || ledFrom === null) return cleared;
  const here = { ...scene, view: { ...scene.view, ...cleared } };
  return changeTab(here, { kind: 'view', name: ledFrom });
}

function nextPeriod(period: PeriodName): PeriodName {
  return PERIODS[(PERIODS.indexOf(period) + 1) % PERIODS.length] ?? period;
}

function nextInterval(interval: number, step: 1 | -1): number {
  if (step > 0) return INTERVALS.find((each) => each > interval) ?? interval;
  return INTERVALS.findLast((each) => each < interval) ?? interval;
}
