import { isObserved, type Observed, type Subject } from '../monitor/observation.ts';
import type { Size } from './frame.ts';
import { type LowerAreas, lowerAreas, lowerScene, lowerViewOf, tableLayout } from './layout.ts';
import type { Scene } from './scene.ts';
import { footerHeight, window } from './table.ts';
import { type ShownTable, tableOf, viewOf } from './views.ts';

/** A table on the screen. */
export interface Part {
  /** The scene in which the view of the table is the current one. */
  scene: Scene & Observed<Subject>;
  table: ShownTable;
  /** Number of lines for rows. */
  height: number;
}

/** The tables on the screen, without the overlays that cover them. */
export interface Parts {
  upper: Part;
  /** Whether the line below the rows of the upper table is shown. */
  hasPosition: boolean;
  /** The lines of the remarks of the view. */
  remarks: readonly string[];
  /** `null` if no other table is below. */
  lower: (Part & { areas: LowerAreas }) | null;
  /** The table that the keys act on: the lower one if one of its rows was selected and it still has rows. */
  active: Part;
}

/** `null` before the first document. */
export function partsOf(scene: Scene, size: Size): Parts | null {
  if (!isObserved(scene)) return null;
  const rows = tableLayout(scene, size);
  const table = tableOf(viewOf(scene), scene, scene.view);
  const upper = { scene, table, height: rows.table - 1 - footerHeight(table) };
  const hasPosition = rows.position === 1;
  const { remarks } = rows;
  const below = rows.lower > 0 ? lowerViewOf(scene) : null;
  if (below === null) return { upper, hasPosition, remarks, lower: null, active: upper };
  const its = lowerScene(scene, below);
  const areas = lowerAreas({ ...size, rows: rows.lower });
  // A title and a heading precede the rows.
  const lower = { scene: its, table: tableOf(below, scene, its.view), height: areas.table.rows - 2, areas };
  const isLower = scene.view.lower.selected !== null && lower.table.rows.length > 0;
  return { upper, hasPosition, remarks, lower, active: isLower ? lower : upper };
}

/** The selected row, or the first visible row; `undefined` without rows. */
export function activeRow(part: Part): unknown {
  const { top, selected } = windowOf(part);
  return part.table.rows[selected < 0 ? top : selected];
}

/** Indexes of the first row in view and of the selected row (-1: none) of a table. */
export function windowOf({ scene, table, height }: Part) {
  return window(table, scene.view, height);
}

/** The rows of a table that are on the screen. */
export function rowsInView(part: Part): readonly unknown[] {
  const { top } = windowOf(part);
  return part.table.rows.slice(top, top + Math.max(0, part.height));
}

/** The scene in which actions on the selected row take place. */
export function activeScene(scene: Scene, size: Size): Scene {
  return (scene.view.detail === null && partsOf(scene, size)?.active.scene) || scene;
}
