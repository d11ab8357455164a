import type { Observed, Subject } from '../monitor/observation.ts';
import { beside } from './beside.ts';
import { chartPanel } from './chart-panel.ts';
import { crop } from './flow.ts';
import type { Hotspot, Line, Size, Span } from './frame.ts';
import { keyOf } from './help.ts';
import type { LowerAreas } from './layout.ts';
import type { Part } from './parts.ts';
import type { Scene } from './scene.ts';
import { tableView } from './table.ts';
import { sortOf, type View } from './view.ts';
import { cellContext, viewOf } from './views.ts';

/** The free lines below a table: the first rows of another view, and charts if there is room. */
export function lowerPart(
  scene: Scene,
  part: Part,
  areas: LowerAreas,
): { lines: Line[]; hotspots: Hotspot[] } {
  const top = lowerTable(part, areas.table);
  if (areas.charts === null) return top;
  const lines = chartPanel(scene, areas.charts);
  const { columns, rows } = areas.table;
  const table = { lines: top.lines, columns };
  if (areas.charts.isBeside)
    return { ...top, lines: beside([table, { lines, columns: areas.charts.columns }], rows) };
  return { ...top, lines: [...beside([table], rows), ...lines] };
}

function lowerTable({ scene, table }: Part, { columns, rows }: Size): { lines: Line[]; hotspots: Hotspot[] } {
  const { sample, view: state } = scene;
  const view = viewOf(scene);
  const title = titleLine(scene, view, table.rows.length, columns);
  if (table.rows.length === 0) return { lines: [title], hotspots: [] };
  const shown = tableView(table, {
    state: { sort: sortOf(view, state), selected: state.selected, top: state.top },
    at: cellContext(sample, state),
    glyphs: state.glyphs,
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
function titleLine(scene: Scene & Observed<Subject>, view: View, count: number, columns: number): Line {
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
