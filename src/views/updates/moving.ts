import { isObserved } from '../../monitor/observation.ts';
import type { Action } from '../actions.ts';
import { firstChart, type Grid, gridOf } from '../charts.ts';
import type { Size } from '../frame.ts';
import { MEASURES } from '../measures.ts';
import type { Scene, ViewState } from '../scene.ts';
import { layout } from '../screen.ts';
import { placesOf, window } from '../table.ts';
import { sortOf } from '../view.ts';
import { tableOf, viewOf } from '../views.ts';
import { clamp } from './scrolling.ts';

export type Movement = Extract<Action, { kind: 'move' | 'page' | 'edge' | 'scroll' }>;

/** Moves the selection, and scrolls the table to it. The wheel scrolls and clears the selection. `null`: no change. */
export function move(scene: Scene, action: Movement, size: Size): Partial<ViewState> | null {
  const { view } = scene;
  if (!isObserved(scene)) return null;
  const shown = viewOf(scene);
  if (shown.isCharts) return moveCharts(view.top, action, size);
  const height = layout(size).body - 1;
  const table = tableOf(shown, scene, view);
  const last = table.rows.length - 1;
  const state = { sort: sortOf(shown, view), selected: view.selected, top: view.top };
  const { top, selected } = window(table, state, height);
  if (last < 0) return null;
  if (action.kind === 'scroll')
    return { top: clamp(top + action.rows, 0, Math.max(0, last + 1 - height)), selected: null };
  // Without a selected row, the first step goes to the first visible row.
  const from = selected < 0 ? (action.kind === 'move' && action.rows > 0 ? top - 1 : top) : selected;
  const row = table.rows[clamp(target(action, from, last, height), 0, last)];
  const moved = { ...state, selected: table.id(row), top };
  return { selected: moved.selected, top: window(table, moved, height).top };
}

/** Selects a row without scrolling the table. */
export function select(scene: Scene, id: string, size: Size): Partial<ViewState> | null {
  const { view } = scene;
  if (!isObserved(scene)) return null;
  const shown = viewOf(scene);
  const state = { sort: sortOf(shown, view), selected: view.selected, top: view.top };
  return { selected: id, top: window(tableOf(shown, scene, view), state, layout(size).body - 1).top };
}

/** Selects the next row that matches the filter. Wraps around at both ends. `null` without a filter or rows. */
export function nextMatch(scene: Scene, step: 1 | -1): Partial<ViewState> | null {
  const { view } = scene;
  if (!isObserved(scene) || view.filter === null) return null;
  const table = tableOf(viewOf(scene), scene, view);
  const at = view.selected === null ? -1 : (placesOf(table).get(view.selected) ?? -1);
  const next = table.rows.at((at < 0 && step < 0 ? 0 : at) + step) ?? table.rows[0];
  return next === undefined ? null : { selected: table.id(next) };
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
