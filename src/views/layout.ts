import { isObserved } from '../monitor/observation.ts';
import { wrap } from '../text/clean.ts';
import type { Size } from './frame.ts';
import type { Scene } from './scene.ts';
import { footerHeight } from './table.ts';
import type { View } from './view.ts';
import { tableOf, VIEWS, viewOf } from './views.ts';

/** Number of lines of each part of the screen, from the top. The key line follows as the last line. */
export interface Layout {
  header: number;
  tabs: 0 | 1;
  body: number;
}

/** Divides a screen by its height. Small screens have a shorter header and no tabs. */
export function layout({ rows }: Size): Layout {
  const header = rows >= 16 ? 4 : rows >= 12 ? 3 : 2;
  const tabs = rows >= 10 ? 1 : 0;
  return { header, tabs, body: rows - header - tabs - 1 };
}

/** Number of lines of each part of a body that shows a table. */
export interface TableLayout {
  /** The table with its heading and its totals. */
  table: number;
  /** The line that tells which rows are shown. */
  position: 0 | 1;
  /** The free lines, if they show another view; 0 otherwise. */
  lower: number;
  /** The lines of the remarks of the view. */
  remarks: readonly string[];
}

/** Height of a body from which the position line is always shown. */
const POSITION_FROM = 8;

/** Number of free lines from which they show another view. */
const LOWER_FROM = 6;

/** Height of a body from which the remarks of the view are shown. */
const REMARKS_FROM = 16;

function remarksOf({ remarks }: View, columns: number): string[] {
  return remarks === undefined ? [] : wrap(remarks, columns - 2);
}

/** Divides the body of a screen with a table. The lower part depends on the number of rows. */
export function tableLayout(scene: Scene, size: Size): TableLayout {
  const { body } = layout(size);
  const { view } = scene;
  if (!isObserved(scene)) return { table: body, position: 0, lower: 0, remarks: [] };
  const shown = tableOf(viewOf(scene), scene, view);
  const { rows, total } = shown;
  const least = 1 + rows.length + footerHeight(shown);
  const isWanted = body >= POSITION_FROM || view.filter !== null || view.hidesIdle;
  const hasText = total > 0 || viewOf(scene).measured !== undefined;
  const position = isWanted && hasText && body > 2 ? 1 : 0;
  const remarks = body >= REMARKS_FROM ? remarksOf(viewOf(scene), size.columns) : [];
  const table = body - position - remarks.length;
  const free = table - least;
  if (rows.length === 0 || free < LOWER_FROM || lowerViewOf(scene) === null)
    return { table, position, lower: 0, remarks };
  return { table: least, position, lower: free, remarks };
}

/** Width of the terminal from which charts are beside the lower table, and their width. */
const BESIDE_FROM = 140;
const BESIDE_COLUMNS = 61;

/** Height of the lower part from which charts are below the table, and the share of the height that they take. */
const BELOW_FROM = 18;
const BELOW_SHARE = 0.5;

/** The sizes of the lower table with its title, and of the charts; `null` without charts. */
export interface LowerAreas {
  table: Size;
  charts: (Size & { isBeside: boolean }) | null;
}

/** Divides the free lines below a table. */
export function lowerAreas({ columns, rows }: Size): LowerAreas {
  if (columns >= BESIDE_FROM)
    return {
      table: { columns: columns - BESIDE_COLUMNS, rows },
      charts: { columns: BESIDE_COLUMNS - 1, rows, isBeside: true },
    };
  if (rows < BELOW_FROM) return { table: { columns, rows }, charts: null };
  const below = Math.floor(rows * BELOW_SHARE);
  return {
    table: { columns, rows: rows - below },
    charts: { columns, rows: below, isBeside: false },
  };
}

/** The view that free lines below the table show; `null` for none. */
export function lowerViewOf(scene: Scene): View | null {
  const { below } = viewOf(scene);
  if (below === undefined || !scene.view.isSplit || !isObserved(scene)) return null;
  return VIEWS[scene.sample.kind].find(({ name }) => name === below) ?? null;
}

/** The scene of the lower view: its own selection and order, without a filter. */
export function lowerScene<Of extends Scene>(scene: Of, { name }: View): Of {
  const { view } = scene;
  const { columns = null } = view.otherTabs[name] ?? {};
  return {
    ...scene,
    view: { ...view, ...view.lower, tab: name, sort: null, columns, filter: null, hidesIdle: false },
  };
}
