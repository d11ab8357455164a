import { isObserved } from '../../monitor/observation.ts';
import type { Action } from '../actions.ts';
import { firstChart, type Grid, gridOf } from '../charts.ts';
import type { Size } from '../frame.ts';
import { layout } from '../layout.ts';
import { MEASURES } from '../measures.ts';
import { type Part, partsOf, windowOf } from '../parts.ts';
import { AT_TOP, type Scene, type TabState, type ViewState } from '../scene.ts';
import { placesOf, window } from '../table.ts';
import { tableOf, viewOf } from '../views.ts';
import { clamp } from './scrolling.ts';

export type Movement = Extract<Action, { kind: 'move' | 'page' | 'edge' | 'scroll' }>;

/**
 * Moves the selection, and scrolls the table to it. The wheel scrolls and clears the selection. A step beyond the last
 * row enters the table below, and a step above its first row leaves it. `null`: no change.
 */
export function move(scene: Scene, action: Movement, size: Size): Partial<ViewState> | null {
  const parts = partsOf(scene, size);
  if (parts === null) return null;
  if (viewOf(scene).isCharts) return moveCharts(scene.view.top, action, size);
  const { upper, lower, active } = parts;
  const isLower = action.kind === 'scroll' ? action.below === true : active === lower;
  if (lower && isLower) {
    if (action.kind === 'move' && action.rows < 0 && isAt(lower, 0))
      return { ...edgeOf(upper, 'last'), lower: AT_TOP };
    const moved = moveWithin(lower, action);
    return moved && { lower: moved };
  }
  if (lower && action.kind === 'move' && action.rows > 0 && isAt(upper, upper.table.rows.length - 1)) {
    const entered = edgeOf(lower, 'first');
    if (entered) return { selected: null, lower: entered };
  }
  const moved = moveWithin(upper, action);
  // The row that was selected below has disappeared, or its table has.
  return moved && scene.view.lower.selected !== null ? { ...moved, lower: AT_TOP } : moved;
}

type Position = Pick<TabState, 'selected' | 'top'>;

/** Whether the row with this index is selected. */
function isAt(part: Part, index: number): boolean {
  return index >= 0 && windowOf(part).selected === index;
}

function edgeOf(part: Part, edge: 'first' | 'last'): Position | null {
  return moveWithin(part, { kind: 'edge', edge });
}

function moveWithin(part: Part, action: Movement): Position | null {
  const { table, height } = part;
  const last = table.rows.length - 1;
  const { top, selected } = windowOf(part);
  if (last < 0) return null;
  if (action.kind === 'scroll')
    return { top: clamp(top + action.rows, 0, Math.max(0, last + 1 - height)), selected: null };
  // Without a selected row, the first step goes to the first visible row.
  const from = selected < 0 ? (action.kind === 'move' && action.rows > 0 ? top - 1 : top) : selected;
  const row = table.rows[clamp(target(action, from, last, height), 0, last)];
  const moved = { selected: table.id(row), top };
  return { selected: moved.selected, top: window(table, moved, height).top };
}

/** Selects a row of the table, or of the table below it, without scrolling. */
export function select(
  scene: Scene,
  { id, below }: Extract<Action, { kind: 'select' }>,
  size: Size,
): Partial<ViewState> | null {
  const parts = partsOf(scene, size);
  if (parts === null) return null;
  if (below) return { selected: null, lower: { ...scene.view.lower, selected: id } };
  return { selected: id, top: windowOf(parts.upper).top, lower: AT_TOP };
}

/**
 * Selects the next row that passes the filter. After the last row it continues with the first one. `null` without a
 * filter or rows.
 */
export function nextMatch(scene: Scene, step: 1 | -1): Partial<ViewState> | null {
  const { view } = scene;
  if (!isObserved(scene) || view.filter === null) return null;
  const table = tableOf(viewOf(scene), scene, view);
  const at = view.selected === null ? -1 : (placesOf(table).get(view.selected) ?? -1);
  const next = table.rows.at((at < 0 && step < 0 ? 0 : at) + step) ?? table.rows[0];
  return next === undefined ? null : { selected: table.id(next), lower: AT_TOP };
}

/** Scrolls by whole charts: a key moves by one chart, the wheel by one row of charts. */
function moveCharts(top: number, action: Movement, { columns, rows }: Size): Partial<ViewState> {
  const grid = gridOf({ columns, rows: layout({ columns, rows }).body });
  return { top: firstChart(firstChart(top, grid) + chartSteps(action, grid), grid) };
}

function chartSteps(action: Movement, { across, down }: Grid): number {
  switch (action.kind) {
    case 'move':
      return action.rows;
    case 'scroll':
      return Math.sign(action.rows) * across;
    case 'page':
      return action.pages * across * down;
    case 'edge':
      return action.edge === 'first' ? -MEASURES.length : MEASURES.length;
  }
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
