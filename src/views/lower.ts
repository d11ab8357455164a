import { isObserved, type Observed } from '../monitor/observation.ts';
import { beside } from './beside.ts';
import { charts } from './charts.ts';
import { crop } from './flow.ts';
import type { Hotspot, Line, Size, Span } from './frame.ts';
import { keyOf } from './help.ts';
import { lowerScene } from './layout.ts';
import type { Scene } from './scene.ts';
import { tableView } from './table.ts';
import { sortOf, type View } from './view.ts';
import { cellContext, tableOf } from './views.ts';

/** Width of the terminal from which charts stand beside the lower table, and their width. */
const BESIDE_FROM = 140;
const BESIDE_COLUMNS = 61;

/** Height of the lower part from which charts are below the table, and the share of the height that they take. */
const BELOW_FROM = 18;
const BELOW_SHARE = 0.5;

/** The sizes of the lower table with its title, and of the charts; `null` without charts. */
interface Areas {
  table: Size;
  charts: (Size & { isBeside: boolean }) | null;
}

function areasOf({ columns, rows }: Size): Areas {
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

/** Height of the lower table with its heading, in lines. */
export function lowerTableRows(size: Size): number {
  return areasOf(size).table.rows - 1;
}

/** The free lines below a table: the first rows of another view, and charts if there is room. */
export function lowerPart(scene: Scene, view: View, size: Size): { lines: Line[]; hotspots: Hotspot[] } {
  const areas = areasOf(size);
  const top = lowerTable(scene, view, areas.table);
  if (areas.charts === null) return top;
  const { lines } = charts(scene, 0, areas.charts, true);
  const { columns, rows } = areas.table;
  const table = { lines: top.lines, columns };
  if (areas.charts.isBeside)
    return { ...top, lines: beside([table, { lines, columns: areas.charts.columns }], rows) };
  return { ...top, lines: [...beside([table], rows), ...lines] };
}

function lowerTable(
  scene: Scene,
  view: View,
  { columns, rows }: Size,
): { lines: Line[]; hotspots: Hotspot[] } {
  const lower = lowerScene(scene, view);
  if (!isObserved(lower)) return { lines: [], hotspots: [] };
  const table = tableOf(view, lower, lower.view);
  const title = titleLine(lower, view, table.rows.length, columns);
  if (table.rows.length === 0) return { lines: [title], hotspots: [] };
  const shown = tableView(table, {
    state: { sort: sortOf(view, lower.view), ...scene.view.lower },
    at: cellContext(lower.sample, lower.view),
    glyphs: scene.view.glyphs,
    // The letters sort the table above.
    keys: null,
    size: { columns, rows: rows - 1 },
  });
  const hotspots = shown.hotspots.flatMap(({ line, start, end, action }): Hotspot[] =>
    action.kind === 'select' ? [{ line: line + 1, start, end, action: { ...action, below: true } }] : [],
  );
  return { lines: [title, ...shown.lines], hotspots };
}

/** `── 12 requests in flight, oldest first ─── Enter Detail, t Stack ─` */
function titleLine(scene: Scene & Observed, view: View, count: number, columns: number): Line {
  const { glyphs, keys } = scene.view;
  const text = ` ${view.caption?.(scene) ?? view.title} `;
  const hint = count === 0 ? '' : ` ${keyOf(keys, 'detail')} Detail, ${keyOf(keys, 'stack')} Stack `;
  const free = columns - text.length - hint.length - 3;
  const spans: Span[] = [
    { text: glyphs.line.repeat(2), role: 'dim' },
    { text, role: 'title' },
    { text: glyphs.line.repeat(Math.max(1, free)), role: 'dim' },
    ...(free > 0
      ? [
          { text: hint, role: 'dim' as const },
          { text: glyphs.line, role: 'dim' as const },
        ]
      : []),
  ];
  return crop({ spans }, columns, glyphs.ellipsis);
}
